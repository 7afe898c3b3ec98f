package himmelblau.login.internal.conversation;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;

/**
 * The password that OpenSSH passes to PAM instead of the answer of a user whom it will refuse: this
 * pattern, repeated to the length of the answer (auth-pam.c, {@code fake_password}). The user typed
 * something else, perhaps the correct PIN.
 */
public final class SubstitutePassword {
  private static final Log LOG = Log.of(SubstitutePassword.class);
  private static final byte[] PATTERN = {
    '\b', '\n', '\r', 0x7F, 'I', 'N', 'C', 'O', 'R', 'R', 'E', 'C', 'T'
  };

  private SubstitutePassword() {}

  /** Takes time that depends on the length only. An empty answer is not one. */
  public static boolean matches(Secret answer) {
    return answer.use(
        bytes -> {
          int difference = 0;
          for (int i = 0; i < bytes.length; i++) {
            difference |= bytes[i] ^ PATTERN[i % PATTERN.length];
          }
          return difference == 0 && bytes.length > 0;
        });
  }

  /** For the administrator: nothing that the user does would help. */
  static void log(String user, String rhost) {
    LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
        .warn(
            "login.sshd_refuses",
            "user",
            user,
            "rhost",
            rhost,
            "why",
            "sshd does not allow this user and has replaced the answer",
            "do",
            "check AllowUsers, DenyUsers, AllowGroups and DenyGroups in sshd_config; if none is "
                + "set, the user was unknown when the connection began: try again");
  }
}
