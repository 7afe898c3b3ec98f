package himmelblau.api.explain;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where the options of the running configuration come from. The configuration holds no secrets.
 * Thread-safe; reads no file.
 */
@ProviderType
public interface OptionOrigins {
  /**
   * One value.
   *
   * @param option its name, as in the file
   * @param section such as {@code global}
   * @param value as it is used; entries of lists with commas between
   * @param place file and line, such as {@code /etc/himmelblau/himmelblau.conf:3}; empty: the
   *     default
   */
  record Origin(String option, String section, String value, Optional<String> place) {}

  /**
   * The values that count: one, or for a list to which every section adds, one for each section
   * that sets it. Empty if the option is not set and has no default.
   */
  List<Origin> of(OptionUse option);
}
