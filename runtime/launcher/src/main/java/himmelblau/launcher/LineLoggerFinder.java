package himmelblau.launcher;

import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Uses {@link LineLogger} for every {@link System.Logger} of the process, including those of the
 * JDK.
 */
public final class LineLoggerFinder extends System.LoggerFinder {
  /** System property, may change at run time: {@code true} shows debug lines. */
  static final String DEBUG = "himmelblau.debug";

  /** What the API's log passes when it asks for the logger of a bundle. */
  private static final String OF_A_BUNDLE = "himmelblau.log";

  private final ConcurrentMap<String, LineLogger> ofBundles = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LineLogger> ofOthers = new ConcurrentHashMap<>();
  private final LineTarget target;

  /** For {@link java.util.ServiceLoader}. */
  public LineLoggerFinder() {
    this(target());
  }

  LineLoggerFinder(LineTarget target) {
    this.target = target;
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return name.startsWith("himmelblau.") // the launcher itself
        ? ofBundle(name)
        : ofOthers.computeIfAbsent(name, n -> logger(n, false));
  }

  @Override
  public System.Logger getLocalizedLogger(
      String name, @Nullable ResourceBundle bundle, Module module) {
    return bundle != null && bundle.containsKey(OF_A_BUNDLE)
        ? ofBundle(name)
        : super.getLocalizedLogger(name, bundle, module);
  }

  private LineLogger ofBundle(String name) {
    return ofBundles.computeIfAbsent(name, n -> logger(n, true));
  }

  private LineLogger logger(String name, boolean ours) {
    return new LineLogger(
        name, ours, target, LineListeners.OF_PROCESS, () -> Boolean.getBoolean(DEBUG));
  }

  private static LineTarget target() {
    boolean journal = ErrorStream.isJournal(System.getenv());
    LineTarget standardError = new ErrorStream(System.err, journal);
    return journal ? Journal.ofHost(standardError) : standardError;
  }
}
