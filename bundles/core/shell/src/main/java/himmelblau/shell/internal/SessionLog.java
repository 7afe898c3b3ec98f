package himmelblau.shell.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.util.Optional;
import java.util.Set;

/** Logs each line of a session, and who typed it. */
final class SessionLog {
  private static final Log LOG = Log.of(SessionLog.class);

  private final long uid;
  private final Optional<Long> loginUid;

  SessionLog(AdminTerminal terminal) {
    this.uid = terminal.peer().uid();
    this.loginUid = loginUid(terminal);
  }

  private static Optional<Long> loginUid(AdminTerminal terminal) {
    try {
      return Optional.of(terminal.loginUid());
    } catch (UnknownLoginUid e) {
      return Optional.empty();
    }
  }

  /**
   * Before the line is run.
   *
   * @param known all commands there are
   */
  void line(String line, Set<String> known) {
    LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
        .info(
            "shell.line",
            "line",
            new LoggedLine(known).of(line),
            "uid",
            uid,
            "login_uid",
            loginUid);
  }
}
