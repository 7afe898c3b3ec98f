package himmelblau.login.internal.password;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.TypedAnswers;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.offline.Verifiers;
import java.util.UUID;

/** Signs in offline with a cached password (host-behaviour 7.5). */
public final class OfflineSignIn {
  private static final Log LOG = Log.of(OfflineSignIn.class);

  private final SignInEnvironment environment;

  public OfflineSignIn(SignInEnvironment environment) {
    this.environment = environment;
  }

  public Account signIn(SignInAttempt attempt, DomainProvider domain)
      throws ConversationClosed, SignInEnded {
    Account account = environment.directory().account(attempt.name()).orElseThrow(this::outage);
    UUID user = account.objectId().orElseThrow(this::outage);
    Verifiers.Standing standing = environment.verifiers().standing(user);
    if (!attempt.trusted()
        || environment.disabledAccounts().has(attempt.name())
        || !domain.opensOffline() // deleted or disabled in the directory, whoever uses the name now
        || !good(attempt, standing)) {
      throw outage();
    }
    if (standing == Verifiers.Standing.MULTI_FACTOR) {
      attempt.conversation().say(PromptTexts.BREAKGLASS);
    }
    LOG.info("login.step", "account", attempt.name(), "step", "cached_password");
    attempt.goOnWith("cached_password");
    try (Secret password =
        OnlineSignIn.askPassword(
            attempt, environment.settings().passwordPrompt(), PromptTexts.PASSWORD)) {
      TypedAnswers.Given given = attempt.answers().take(password, TypedAnswers.Use.PASSWORD);
      if (!environment
          .verifiers()
          .passwordAttempts()
          .right(attempt.conversation(), user, password)) {
        given.refuse();
        throw SignInEnded.denied(PromptTexts.OFFLINE_FAILED);
      }
      if (standing == Verifiers.Standing.MULTI_FACTOR) {
        if (!breakglass(attempt)) {
          throw outage(); // it ended while the user was typing
        }
        LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.SUCCESS)
            .warn("breakglass.used", "account", attempt.name());
      }
      return account;
    } catch (KeyStoreUnavailable e) {
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
          .error("login.keystore", e, "account", attempt.name());
      throw SignInEnded.refused(PamCode.ABORT, PromptTexts.HARDWARE);
    }
  }

  private boolean good(SignInAttempt attempt, Verifiers.Standing standing)
      throws ConversationClosed {
    environment.breakglass().get().forEach(BreakglassPolicy::disconnected);
    return switch (standing) {
      case NONE -> {
        if (breakglass(attempt)) {
          attempt.conversation().say(PromptTexts.NO_BREAKGLASS);
        }
        yield false;
      }
      case PASSWORD_ONLY -> true;
      case MULTI_FACTOR -> breakglass(attempt);
    };
  }

  private boolean breakglass(SignInAttempt attempt) {
    return environment.breakglass().get().stream()
        .anyMatch(policy -> policy.active(attempt.name()));
  }

  private SignInEnded outage() {
    return SignInEnded.refused(PamCode.ABORT, PromptTexts.OUTAGE);
  }
}
