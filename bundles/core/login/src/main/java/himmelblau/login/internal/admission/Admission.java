package himmelblau.login.internal.admission;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.Session;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The last step of every sign-in: runs the logon script, which may refuse, starts the update of the
 * picture, and hands on what the session leaves.
 */
public final class Admission {
  private static final Path ICONS = Path.of("/var/lib/AccountsService/icons");

  private static final Log LOG = Log.of(Admission.class);

  private final SignInEnvironment environment;
  private final LogonScript script;
  private final PictureUpdates pictures;

  public Admission(SignInEnvironment environment) {
    this.environment = environment;
    this.script = new LogonScript(environment);
    this.pictures = new PictureUpdates(environment, ICONS);
  }

  /**
   * sshd and others look a name up before they ask for anything, and run the session under the uid
   * that they were told then.
   */
  private static void requireAgreed(SignInAttempt attempt, Account account) throws SignInEnded {
    if (attempt.begunWithOtherUid(account.passwd().uid())) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.uid_changed", "account", account.name(), "uid", account.passwd().uid());
      throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.SIGN_IN_AGAIN);
    }
  }

  /**
   * Admits a user.
   *
   * @param session empty if the directory could not be reached
   */
  public Account admit(SignInAttempt attempt, Account account, Optional<Session> session)
      throws SignInEnded {
    requireAgreed(attempt, account);
    script.run(attempt, session);
    session.ifPresent(open -> pictures.show(account, open));
    session.ifPresent(open -> environment.renewals().signedIn(account, open));
    return account;
  }
}
