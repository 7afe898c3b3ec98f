package himmelblau.config.internal;

import java.util.List;
import java.util.Optional;

/** The configuration in effect, as the command sees it. */
interface RunningConfig {
  /**
   * What came of reading the files again.
   *
   * @param refused why the configuration from before stays in effect; empty: it was replaced
   * @param changes what has another value than before
   * @param errors values that are not used
   */
  record Reload(Optional<String> refused, List<String> changes, List<String> errors) {}

  /** Reads the files again. */
  Reload reload();

  ConfigReader reader();

  /** What the other bundles found out about values. */
  FoundInUse found();
}
