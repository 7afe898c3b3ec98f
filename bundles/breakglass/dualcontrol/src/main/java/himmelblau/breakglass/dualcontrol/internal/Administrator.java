package himmelblau.breakglass.dualcontrol.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;

/** Which person runs a command. */
final class Administrator {
  private static final long ROOT = 0;

  private Administrator() {}

  /**
   * The login uid of a personal account.
   *
   * @throws UnknownLoginUid if there is none, or if it is root's: several people may sign in as
   *     root, and one person as root and with an account of their own
   */
  static long of(AdminTerminal terminal) throws UnknownLoginUid {
    long uid = terminal.loginUid();
    if (uid == ROOT) {
      throw new UnknownLoginUid(
          "You have signed in as root, which does not say who you are. Sign in with your own"
              + " account and use sudo.");
    }
    return uid;
  }
}
