package himmelblau.api.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Structured logging: one line per event, {@code event key=value key="two words"}.
 *
 * <p>Values are quoted and control characters escaped, so a hostile value cannot forge a line.
 * Never pass a password, PIN, token or key; a {@link himmelblau.api.secret.Secret} prints as {@code
 * ***}. The current {@link Correlation} id is added automatically. Thread-safe.
 *
 * <p>Backed by {@link System.Logger}: the launcher decides where lines go. In the journal each
 * value is a field of its own, {@code HIMMELBLAU_KEY}; keys are therefore ASCII words. An event of
 * {@link #audit} also goes to the audit file, if the host has one (docs/events.md).
 */
public final class Log {
  private final Logger logger;
  private final Optional<String> audit;

  private Log(Logger logger, Optional<String> audit) {
    this.logger = logger;
    this.audit = audit;
  }

  /** A log that carries the bundle of {@code owner} (its root package) as its source. */
  public static Log of(Class<?> owner) {
    Logger logger = System.getLogger(source(owner.getPackageName()), LogMark.INSTANCE);
    return new Log(logger, Optional.empty());
  }

  /**
   * The same log for one audit event: its line has the field {@code audit}, such as {@code
   * sign_in/denied}. Name the account in the field {@code account}, the reason in {@code reason}
   * and a code in {@code code}; host, program and remote host are added to the file by the
   * conversation.
   */
  public Log audit(AuditKind kind, AuditOutcome outcome) {
    String marker = kind.name() + "/" + outcome.name();
    return new Log(logger, Optional.of(marker.toLowerCase(Locale.ROOT)));
  }

  /** The root package of a bundle: what stands before {@code .internal}. */
  static String source(String packageName) {
    return packageName.replaceFirst("\\.internal(\\..*)?$", "");
  }

  /** What an operator wants to see in normal operation. Pairs are key, value, key, value … */
  public void info(String event, @Nullable Object... pairs) {
    write(Level.INFO, event, null, pairs);
  }

  /** A problem that the daemon can handle by itself. */
  public void warn(String event, @Nullable Object... pairs) {
    write(Level.WARNING, event, null, pairs);
  }

  /** A problem that needs action by an administrator. */
  public void error(String event, @Nullable Throwable cause, @Nullable Object... pairs) {
    write(Level.ERROR, event, cause, pairs);
  }

  /** Detail that is shown with {@code debug = true} only. */
  public void debug(String event, @Nullable Object... pairs) {
    write(Level.DEBUG, event, null, pairs);
  }

  private void write(
      Level level, String event, @Nullable Throwable cause, @Nullable Object... pairs) {
    if (audit.isEmpty() && !logger.isLoggable(level)) {
      return;
    }
    String line = LogLine.format(event, Correlation.current(), cause, audit, pairs);
    logger.log(
        level,
        audit.isPresent() ? AuditMark.INSTANCE : null,
        line,
        logger.isLoggable(Level.DEBUG) ? cause : null);
  }
}
