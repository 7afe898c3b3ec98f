package himmelblau.api.log;

import java.util.ListResourceBundle;

/**
 * Goes with an audit event to the logger of the process, which then writes the line whatever its
 * source. No text of a library can look like it.
 */
final class AuditMark extends ListResourceBundle {
  /** The launcher, which does not see this class, looks for the key. */
  static final String KEY = "himmelblau.audit";

  static final AuditMark INSTANCE = new AuditMark();

  @Override
  protected Object[][] getContents() {
    return new Object[][] {{KEY, "true"}};
  }
}
