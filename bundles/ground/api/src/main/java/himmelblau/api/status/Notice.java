package himmelblau.api.status;

import java.util.List;

/**
 * Registered by whoever has something that works and that an administrator should know all the
 * same. {@code aad-tool status} shows it to root after what works. Thread-safe; the list is asked
 * each time.
 */
public interface Notice {
  /** One line each: what is so, and what makes the line go; empty when there is nothing. */
  List<String> notices();
}
