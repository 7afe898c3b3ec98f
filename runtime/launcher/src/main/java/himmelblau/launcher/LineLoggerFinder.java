package himmelblau.launcher;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Gives every {@link System.Logger} of the process, ours and the JDK's, to {@link LineLogger}. */
public final class LineLoggerFinder extends System.LoggerFinder {
  /** System property, may change at run time: {@code true} shows debug lines. */
  static final String DEBUG = "himmelblau.debug";

  private final ConcurrentMap<String, LineLogger> loggers = new ConcurrentHashMap<>();
  private final boolean journal = System.getenv("JOURNAL_STREAM") != null;

  @Override
  public System.Logger getLogger(String name, Module module) {
    return loggers.computeIfAbsent(
        name, n -> new LineLogger(n, System.err, journal, () -> Boolean.getBoolean(DEBUG)));
  }
}
