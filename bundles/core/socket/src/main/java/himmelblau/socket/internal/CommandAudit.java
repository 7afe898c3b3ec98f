package himmelblau.socket.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandDeclaration;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the log says of commands (docs/events.md). What anybody may run is no act of an
 * administrator, and what monitoring repeats is not worth a line. Thread-safe.
 */
final class CommandAudit {
  private static final Log LOG = Log.of(CommandAudit.class);
  private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(1);

  private final AtomicLong nextRefusal = new AtomicLong(System.nanoTime());

  void begins(CommandTable.Entry entry, List<String> arguments, AdminTerminal terminal, String id) {
    CommandDeclaration declared = entry.declaration();
    String shown = LoggedArguments.of(declared, arguments);
    long uid = terminal.peer().uid();
    if (entry.routine()) {
      LOG.debug(
          "command.begins", "command", entry.name(), "arguments", shown, "uid", uid, "id", id);
    } else if (declared.anyone()) {
      LOG.info("command.begins", "command", entry.name(), "arguments", shown, "uid", uid, "id", id);
    } else {
      LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
          .info(
              "command.begins",
              "command",
              entry.name(),
              "arguments",
              shown,
              "uid",
              uid,
              "id",
              id,
              "pid",
              terminal.peer().pid(),
              "login_uid",
              loginUid(terminal));
    }
  }

  void ended(CommandTable.Entry entry, int code, String id) {
    if (entry.declaration().anyone() || entry.routine()) {
      return;
    }
    if (code == 0) {
      LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
          .info("command.ended", "command", entry.name(), "id", id, "status", code);
    } else {
      LOG.audit(AuditKind.ADMIN, AuditOutcome.FAILED)
          .info("command.ended", "command", entry.name(), "id", id, "status", code);
    }
  }

  void failed(CommandTable.Entry entry, Throwable why, String id) {
    LOG.audit(AuditKind.ADMIN, AuditOutcome.FAILED)
        .error("command.failed", why, "command", entry.name(), "id", id);
  }

  /** At most one a second, so that nobody fills a disk with them. */
  void refused(
      CommandTable.Entry entry, List<String> arguments, AdminTerminal terminal, String id) {
    long now = System.nanoTime();
    long next = nextRefusal.get();
    if (now - next >= 0 && nextRefusal.compareAndSet(next, now + BETWEEN_REFUSALS.toNanos())) {
      LOG.audit(AuditKind.ADMIN, AuditOutcome.DENIED)
          .warn(
              "command.refused",
              "command",
              entry.name(),
              "arguments",
              LoggedArguments.of(entry.declaration(), arguments),
              "uid",
              terminal.peer().uid(),
              "id",
              id,
              "reason",
              "not root");
    }
  }

  /** Who signed in and became root, when that can be told. */
  private static Optional<Long> loginUid(AdminTerminal terminal) {
    try {
      return Optional.of(terminal.loginUid());
    } catch (UnknownLoginUid e) {
      return Optional.empty();
    }
  }
}
