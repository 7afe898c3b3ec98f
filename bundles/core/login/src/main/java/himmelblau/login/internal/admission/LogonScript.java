package himmelblau.login.internal.admission;

import himmelblau.api.domain.LogonToken;
import himmelblau.api.domain.Session;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.settings.LogonSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The logon script of the administrator makes the final decision on a sign-in (host-behaviour 6.5).
 * If it is configured and cannot run, the sign-in is refused: it may be intended to refuse this
 * user.
 */
final class LogonScript {
  private static final Log LOG = Log.of(LogonScript.class);
  private static final Duration FOR_TOKEN = Duration.ofSeconds(5);
  private static final Duration ON_THE_WAY = Duration.ofSeconds(2); // above the helper's own limit

  private final SignInEnvironment environment;

  LogonScript(SignInEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Runs it, if there is one.
   *
   * @param session empty when signed in offline: the script gets no token then
   * @throws SignInEnded if it denies, takes too long, or cannot run
   */
  void run(SignInAttempt attempt, Optional<Session> session) throws SignInEnded {
    LogonSettings settings = environment.logon().get();
    if (!settings.script()) {
      return;
    }
    TaskResult result = ask(attempt, session, settings);
    LOG.info(
        "login.script",
        "account",
        attempt.name(),
        "status",
        result.status(),
        "detail",
        result.detail());
    switch (result.status()) {
      case DONE -> {}
      case REFUSED ->
          throw SignInEnded.refused(
              PamCode.PERM_DENIED,
              result.detail().equals(PromptTexts.SCRIPT_DENIES)
                  ? PromptTexts.SCRIPT_DENIES
                  : PromptTexts.SCRIPT_FAILED);
      case TIMED_OUT ->
          throw SignInEnded.refused(
              PamCode.PERM_DENIED,
              PromptTexts.SCRIPT_LATE.replace(
                  "{seconds}", Long.toString(settings.scriptTimeout().toSeconds())));
      default -> throw SignInEnded.refused(PamCode.PERM_DENIED, PromptTexts.SCRIPT_FAILED);
    }
  }

  private TaskResult ask(SignInAttempt attempt, Optional<Session> session, LogonSettings settings) {
    Optional<RootTasks> tasks = environment.tasks().get();
    if (tasks.isEmpty()) {
      return new TaskResult(
          TaskResult.Status.FAILED, "No root helper; is himmelblaud-tasks running?");
    }
    Map<String, byte[]> values = new HashMap<>();
    values.put("user", attempt.name().upn().getBytes(StandardCharsets.UTF_8));
    try (Secret token = session.flatMap(LogonScript::token).orElseGet(() -> Secret.ofText(""))) {
      if (!token.isEmpty()) {
        values.put("token", token.copyBytes());
      }
      return tasks
          .get()
          .run(new TaskRequest("script", values, settings.scriptTimeout().plus(ON_THE_WAY)));
    } finally {
      Arrays.fill(values.getOrDefault("token", new byte[0]), (byte) 0);
    }
  }

  /** After that, the script runs without a token. */
  private static Optional<Secret> token(Session session) {
    Optional<LogonToken> source = session.feature(LogonToken.class);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    FutureTask<Optional<Secret>> task = new FutureTask<>(source.get()::request);
    Thread worker = Thread.ofVirtual().name("logon-token").start(task);
    try {
      return task.get(FOR_TOKEN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("login.script.no_token", "why", String.valueOf(e.getCause()));
    } finally {
      worker.interrupt();
    }
    return Optional.empty();
  }
}
