package himmelblau.launcher;

import java.util.ResourceBundle;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line per event, {@code source event key=value}, to the configured destination.
 * Thread-safe.
 */
final class LineLogger implements System.Logger {
  /** Lines end where we end them, and who reads them may do so at a terminal. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  /** What the API's log passes with an audit event. */
  private static final String AUDIT = "himmelblau.audit";

  private final String name;
  private final LineTarget target;
  private final LineTarget listeners;
  private final BooleanSupplier debug;
  private final boolean ours;

  /**
   * @param ours whether it belongs to a bundle that logs by the API: it is always heard
   * @param listeners get the lines of our own bundles, and the audit events of others
   */
  LineLogger(
      String name, boolean ours, LineTarget target, LineTarget listeners, BooleanSupplier debug) {
    this.name = name;
    this.target = target;
    this.listeners = listeners;
    this.debug = debug;
    this.ours = ours;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    // Libraries and the JDK are heard from when something is wrong; bundles always.
    return switch (level) {
      case ERROR, WARNING -> true;
      case INFO -> ours;
      case DEBUG -> ours && debug.getAsBoolean();
      default -> false;
    };
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    boolean audit = bundle != null && bundle.containsKey(AUDIT);
    if (!audit && !isLoggable(level)) {
      return;
    }
    StringBuilder line = new StringBuilder(name).append(' ').append(message);
    if (thrown != null) {
      line.append(" thrown=\"").append(oneLine(thrown)).append('"');
    }
    String written = UNSEEN.matcher(line).replaceAll(" ");
    target.write(level, written);
    if (audit || ours) {
      listeners.write(level, written);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object... params) {
    String text =
        params == null || params.length == 0 || format == null
            ? format
            : java.text.MessageFormat.format(format, params);
    log(level, bundle, text, (Throwable) null);
  }

  private static String oneLine(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = thrown; t != null && text.length() < 2000; t = t.getCause()) {
      text.append(text.isEmpty() ? "" : " <- ").append(t);
      StackTraceElement[] frames = t.getStackTrace();
      for (int i = 0; i < Math.min(4, frames.length); i++) {
        text.append(" @").append(frames[i]);
      }
    }
    return text.toString().replace('"', '\'');
  }
}
