package himmelblau.api.log;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The id that all log lines of one conversation have in common. Bound to the thread that runs the
 * conversation; work handed to another thread is wrapped again with {@link #with}.
 */
public final class Correlation {
  private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

  private Correlation() {}

  /** Runs {@code work} under {@code id}, then restores what was bound before. */
  public static <T extends @Nullable Object> T with(String id, Callable<T> work) throws Exception {
    String before = CURRENT.get();
    CURRENT.set(id);
    try {
      return work.call();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /** The id bound to this thread, if any. */
  public static Optional<String> current() {
    return Optional.ofNullable(CURRENT.get());
  }
}
