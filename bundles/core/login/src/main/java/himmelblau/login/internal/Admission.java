package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.Session;
import java.nio.file.Path;
import java.util.Optional;

/** The last step of every sign-in: the logon script decides, the picture follows. */
final class Admission {
  private static final Path ICONS = Path.of("/var/lib/AccountsService/icons");

  private final LogonScript script;
  private final Pictures pictures;

  Admission(Host host) {
    this.script = new LogonScript(host);
    this.pictures = new Pictures(host, ICONS);
  }

  /** Lets somebody in who signed in with the directory's consent. */
  Account admit(Attempt attempt, Account account, Session session) throws Ended {
    script.run(attempt, Optional.of(session));
    pictures.show(account, session);
    return account;
  }

  /** Lets somebody in while the directory is away. */
  Account admitOffline(Attempt attempt, Account account) throws Ended {
    script.run(attempt, Optional.empty());
    return account;
  }
}
