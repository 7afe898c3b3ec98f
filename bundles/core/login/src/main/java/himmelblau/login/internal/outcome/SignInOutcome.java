package himmelblau.login.internal.outcome;

import himmelblau.api.directory.Account;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Processes the answer of the directory before a user is let in. */
public final class SignInOutcome {
  private static final Log LOG = Log.of(SignInOutcome.class);

  private final SignInEnvironment environment;

  public SignInOutcome(SignInEnvironment environment) {
    this.environment = environment;
  }

  /** Checks that the requested account signed in, and records it on this host. */
  public Account record(SignInAttempt attempt, DomainProvider domain, Session session)
      throws SignInEnded {
    Optional<UUID> known =
        environment.directory().account(attempt.name()).flatMap(Account::objectId);
    boolean replaced = AccountMatch.replaced(attempt.name(), known, session.user());
    if (!replaced) {
      AccountMatch.check(attempt.name(), known, session.user(), domain);
    }
    try {
      Account account = environment.directory().record(session.user(), session.groups());
      environment.clock().online();
      environment.disabledAccounts().remove(attempt.name());
      return account;
    } catch (DirectoryConflict e) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.conflict", "account", attempt.name(), "why", e.getMessage());
      // Where users may choose their names, this may be an attempt: the owner of the name keeps
      // all.
      if (replaced && domain.confirmsNames()) {
        // The account that these belonged to no longer exists.
        known.ifPresent(environment.verifiers()::forget);
        environment.hello().ifPresent(hello -> hello.remove(attempt.name()));
        throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.MADE_ANEW);
      }
      if (environment.directory().obstacle(attempt.name()).isPresent()) {
        // From now on it is refused before anything is asked, with the same words.
        throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.OBSTACLE);
      }
      throw SignInEnded.refused(PamCode.ABORT, PromptTexts.ADMINISTRATOR);
    }
  }

  /** A second factor proves that this is the user: resets the attempts of other origins. */
  public void reopenPin(SignInAttempt attempt, ProvenSignIn proven) {
    if (proven.session().multiFactor() && !proven.fallback()) {
      environment.hello().ifPresent(hello -> hello.reopen(attempt.name()));
    }
  }

  /** Stores a verifier of the password for the next outage. */
  public void remember(Account account, ProvenSignIn proven) {
    if (account.objectId().isEmpty()) {
      return;
    }
    UUID user = account.objectId().get();
    boolean keep =
        environment.breakglass().get().stream().anyMatch(policy -> policy.keepVerifiers());
    environment.verifiers().signedIn(user, proven.password(), proven.session().multiFactor(), keep);
  }

  /** Converts a refusal to its text, and cleans up when the directory has removed the device. */
  public SignInEnded refused(SignInAttempt attempt, DomainProvider domain, SignInRefused refusal) {
    LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
        .info(
            "login.refused",
            "account",
            attempt.name(),
            "reason",
            refusal.reason(),
            "code",
            refusal.code().orElse("-"));
    RefusalEffect.record(environment, attempt.name(), refusal);
    if (refusal.reason() == SignInRefused.Reason.DEVICE_REMOVED) {
      // Its keys are no longer valid in the directory; the next round joins again and sets a new
      // PIN.
      DeviceRemoval.removed(environment, domain);
      environment.hello().ifPresent(hello -> hello.remove(attempt.name()));
    }
    if (refusal.reason() == SignInRefused.Reason.DEVICE_DISABLED) {
      // Every sign-in gets the same answer, until the device is enabled again.
      return SignInEnded.refused(PamCode.AUTH_ERR, refusal.text());
    }
    if (refusal.reason() == SignInRefused.Reason.NOT_SUPPORTED) {
      List<String> gone = environment.methods().gone();
      if (!gone.isEmpty()) {
        return SignInEnded.noMethod(
            SignInEnded.of(refusal).text()
                + "\n"
                + PromptTexts.METHOD_MISSING.replace("{method}", String.join(", ", gone)));
      }
    }
    return SignInEnded.of(refusal);
  }
}
