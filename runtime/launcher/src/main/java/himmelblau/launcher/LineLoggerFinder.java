package himmelblau.launcher;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Uses {@link LineLogger} for every {@link System.Logger} of the process, including those of the
 * JDK.
 */
public final class LineLoggerFinder extends System.LoggerFinder {
  /** System property, may change at run time: {@code true} shows debug lines. */
  static final String DEBUG = "himmelblau.debug";

  private final ConcurrentMap<String, LineLogger> loggers = new ConcurrentHashMap<>();
  private final LineTarget target = target();

  @Override
  public System.Logger getLogger(String name, Module module) {
    return loggers.computeIfAbsent(
        name,
        n -> new LineLogger(n, target, LineListeners.OF_PROCESS, () -> Boolean.getBoolean(DEBUG)));
  }

  private static LineTarget target() {
    boolean journal = ErrorStream.isJournal(System.getenv());
    LineTarget standardError = new ErrorStream(System.err, journal);
    return journal ? Journal.ofHost(standardError) : standardError;
  }
}
