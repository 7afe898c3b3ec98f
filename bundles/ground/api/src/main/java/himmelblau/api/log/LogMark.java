package himmelblau.api.log;

import java.util.ListResourceBundle;

/**
 * Tells the launcher that a logger belongs to a bundle that logs through {@link Log}, whatever its
 * package: other libraries are heard from only when something is wrong.
 */
final class LogMark extends ListResourceBundle {
  /** The launcher, which does not see this class, looks for the key. */
  static final String KEY = "himmelblau.log";

  static final LogMark INSTANCE = new LogMark();

  @Override
  protected Object[][] getContents() {
    return new Object[][] {{KEY, "true"}};
  }
}
