package himmelblau.api.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that learns in use that the value of an option cannot work, for example
 * that a directory does not know an application. {@code aad-tool status} and {@code aad-tool
 * config} show it with the file and the line that set the option. Thread-safe; the list is asked
 * each time.
 */
@ConsumerType
public interface OptionFindings {
  /**
   * What was found about one option.
   *
   * @param section section whose value is in use: the domain, which takes over from {@code
   *     [global]} what it does not set itself, or {@code global}
   * @param option name of the option as it is written in the file
   * @param text one line: the option and its value, why it does not work, what to do; no secrets
   */
  record OptionFinding(String section, String option, String text) {}

  /** What was found and is not mended yet; empty when there is nothing. */
  List<OptionFinding> findings();
}
