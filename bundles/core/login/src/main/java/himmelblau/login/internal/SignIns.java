package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Correlation;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.login.SignInResult;
import himmelblau.api.login.SignInService;
import himmelblau.api.metrics.Metric;
import himmelblau.api.store.StoreException;
import himmelblau.login.internal.SignInMetrics.Outcome;
import himmelblau.login.internal.conversation.PamContexts;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.pin.Origins;
import himmelblau.login.internal.pin.PinChange;
import himmelblau.login.internal.pin.TryUnseal;
import himmelblau.login.internal.session.SessionOpening;
import himmelblau.login.internal.settings.LoginSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

/** The six calls of PAM. Does not depend on the OSGi framework. */
final class SignIns implements SignInService {
  private static final Log LOG = Log.of(SignIns.class);
  private static final Duration BEFORE_FAILING = Duration.ofSeconds(2);

  /** The code that programs count as a failed attempt; all others end the PAM stack as an abort. */
  private static final Set<PamCode> COUNTED = EnumSet.of(PamCode.AUTH_ERR, PamCode.MAXTRIES);

  private final SignInEnvironment environment;
  private final RequestedAccounts accounts;
  private final AccountPhase accountPhase;
  private final SignInLoop loop;
  private final PinChange pinChange;
  private final SessionOpening sessions;
  private final TryUnseal tryUnseal;
  private final HeapWipe heapWipe = new HeapWipe();
  private final SignInMetrics metrics = new SignInMetrics();

  SignIns(SignInEnvironment environment) {
    this.environment = environment;
    this.accounts = new RequestedAccounts(environment);
    this.accountPhase = new AccountPhase(environment, accounts);
    this.loop = new SignInLoop(environment);
    this.pinChange = new PinChange(environment);
    this.sessions = new SessionOpening(environment);
    this.tryUnseal = new TryUnseal(environment);
  }

  @Override
  public SignInResult authenticate(SignInRequest request, Conversation raw)
      throws ConversationClosed {
    return correlated(() -> heapWipe.after(() -> authenticated(request, raw)));
  }

  private SignInResult authenticated(SignInRequest request, Conversation raw)
      throws ConversationClosed {
    StepConversation conversation =
        new StepConversation(raw, PamContexts.of(request, environment.settings()), request);
    start("authenticate", request, conversation);
    SignInMetrics.Call call = metrics.begin(conversation);
    try {
      Optional<AccountName> name = ours(request, conversation);
      if (name.isEmpty()) {
        call.ended(Outcome.UNKNOWN);
        return RequestedAccounts.unknown(request);
      }
      boolean trusted = accounts.trusted(request.peer(), name.get());
      try (SignInAttempt attempt =
          new SignInAttempt(
              request,
              name.get(),
              conversation,
              trusted,
              origin(request, name.get()),
              shownUid(name.get()))) {
        Account account = signedIn(attempt, call);
        call.ended(Outcome.SUCCESS);
        LOG.audit(AuditKind.SIGN_IN, AuditOutcome.SUCCESS)
            .info("login.ok", "account", account.name(), "uid", account.passwd().uid());
        return new SignInResult(PamCode.SUCCESS, account.passwd().name(), Map.of());
      }
    } catch (SignInEnded e) {
      if (e.kind() == SignInEnded.Kind.UNKNOWN) {
        call.ended(Outcome.UNKNOWN);
        LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
            .info("login.unknown", "user", request.user(), "why", e.text());
        return RequestedAccounts.unknown(request);
      }
      call.ended(Outcome.of(e.code()));
      return failed(conversation, e.code(), e.text());
    } catch (ConversationClosed e) {
      if (e.reason() == ConversationClosed.Reason.GIVEN_UP) {
        SignInEnded end = conversation.end();
        call.ended(Outcome.of(end.code()));
        return failed(conversation, end.code(), end.text());
      }
      call.ended(Outcome.GONE);
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED).info("login.gone", "user", request.user());
      throw e;
    } catch (StoreException e) {
      call.ended(Outcome.FAILED);
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .error("login.store", e, "user", request.user());
      return failed(
          conversation,
          PamCode.SYSTEM_ERR,
          e.full() ? PromptTexts.DISK_FULL : PromptTexts.UNEXPECTED);
    } catch (RuntimeException | LinkageError e) { // or a part that was replaced lacks a class
      call.ended(Outcome.FAILED);
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .error("login.broken", e, "user", request.user());
      return failed(conversation, PamCode.SYSTEM_ERR, PromptTexts.UNEXPECTED);
    }
  }

  private Account signedIn(SignInAttempt attempt, SignInMetrics.Call call)
      throws ConversationClosed, SignInEnded {
    try {
      return loop.signIn(attempt);
    } finally {
      call.method(attempt.way());
    }
  }

  /** For {@code aad-tool metrics}. */
  List<Metric> metrics() {
    return metrics.metrics();
  }

  /** The banner that tells users not to type their password into the prompt of the next module. */
  private static SignInResult failed(StepConversation conversation, PamCode code, String text)
      throws ConversationClosed {
    LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
        .info("login.failed", "code", code.pamName(), "reason", text);
    conversation.say(code.pamName() + ": " + text + "\n" + PromptTexts.DISREGARD);
    conversation.pause(BEFORE_FAILING);
    return SignInResult.of(COUNTED.contains(code) ? code : PamCode.ABORT);
  }

  /** The account for the name, unless it cannot be a directory account. Sends no query. */
  private Optional<AccountName> ours(SignInRequest request, StepConversation conversation)
      throws ConversationClosed, SignInEnded {
    LoginSettings settings = environment.settings();
    if (settings.domains().isEmpty()) {
      // No domain means no one, not anyone.
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .error(
              "login.no_domain",
              null,
              "user",
              request.user(),
              "do",
              "set domain in himmelblau.conf");
      if (!request.flags().contains(Flag.IGNORE_UNKNOWN_USER)
          && !request.flags().contains(Flag.SILENT)) {
        conversation.warn(PromptTexts.NO_DOMAIN);
      }
      return Optional.empty();
    }
    Optional<AccountName> name = environment.directory().resolve(request.user());
    Optional<String> obstacle = name.flatMap(environment.directory()::obstacle);
    if (obstacle.isPresent()) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.obstacle", "user", request.user(), "why", obstacle.get());
      if (environment.directory().account(name.get()).isPresent()) {
        // pam_unix knows no password of a directory user, so its prompt would be useless.
        throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.OBSTACLE);
      }
      return Optional.empty();
    }
    return name;
  }

  private PinOrigin origin(SignInRequest request, AccountName name) {
    return Origins.of(request, environment.settings(), environment.directory().account(name));
  }

  /** What lookups show now. */
  private OptionalLong shownUid(AccountName name) {
    return environment
        .directory()
        .account(name)
        .map(account -> OptionalLong.of(account.passwd().uid()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public SignInResult account(SignInRequest request, Conversation raw) throws ConversationClosed {
    return correlated(() -> accountPhase.check(request));
  }

  @Override
  public SignInResult openSession(SignInRequest request, Conversation raw)
      throws ConversationClosed {
    return correlated(
        () -> {
          Optional<Account> account = accounts.known(request);
          if (!accounts.mayManageSession(request.peer(), account)) {
            return RequestedAccounts.forbidden("open_session", request);
          }
          return SignInResult.of(
              account.isPresent() ? sessions.open(account.get()) : PamCode.IGNORE);
        });
  }

  @Override
  public SignInResult closeSession(SignInRequest request, Conversation raw) {
    return accounts.mayManageSession(request.peer(), accounts.known(request))
        ? SignInResult.of(PamCode.SUCCESS)
        : RequestedAccounts.forbidden("close_session", request);
  }

  @Override
  public SignInResult changePin(SignInRequest request, Conversation raw) throws ConversationClosed {
    return correlated(
        () -> {
          StepConversation conversation =
              new StepConversation(raw, PamContexts.of(request, environment.settings()), request);
          start("change_pin", request, conversation);
          Optional<AccountName> name =
              environment.settings().domains().isEmpty()
                  ? Optional.empty()
                  : environment.directory().resolve(request.user());
          if (name.isEmpty() || environment.directory().obstacle(name.get()).isPresent()) {
            return SignInResult.of(PamCode.IGNORE); // a local user: pam_unix changes it
          }
          if (!accounts.trusted(request.peer(), name.get())) {
            return RequestedAccounts.forbidden("change_pin", request);
          }
          return heapWipe.after(
              () -> {
                try (SignInAttempt attempt =
                    new SignInAttempt(
                        request, name.get(), conversation, true, origin(request, name.get()))) {
                  return SignInResult.of(pinChange.change(attempt));
                }
              });
        });
  }

  @Override
  public void unseal(SignInRequest request) {
    try {
      correlated(
          () -> {
            Optional<Account> account = accounts.known(request);
            if (account.isEmpty() || !accounts.trusted(request.peer(), account.get().name())) {
              return RequestedAccounts.forbidden("unseal", request);
            }
            return heapWipe.after(
                () -> {
                  tryUnseal.unseal(account.get(), request);
                  return SignInResult.of(PamCode.SUCCESS);
                });
          });
    } catch (ConversationClosed e) {
      LOG.debug("login.unseal", "why", "interrupted");
    }
  }

  @Override
  public void forgetAll() {
    environment.verifiers().forgetAll();
    environment.renewals().forgetAll();
    LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
        .info("login.forgotten", "what", "password verifiers");
  }

  private static void start(String call, SignInRequest request, StepConversation conversation) {
    LOG.info(
        "login.start",
        "call",
        call,
        "user",
        request.user(),
        "service",
        conversation.context().service(),
        "tty",
        request.tty(),
        "rhost",
        request.rhost(),
        "remote",
        conversation.context().remote(),
        "uid",
        request.peer().uid(),
        "pid",
        request.peer().pid());
  }

  private static SignInResult correlated(Callable<SignInResult> work) throws ConversationClosed {
    String id =
        Correlation.current()
            .orElseGet(() -> HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    try {
      return Correlation.with(id, work);
    } catch (ConversationClosed | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
