package himmelblau.api.explain;

import java.util.Optional;

/**
 * An option of himmelblau.conf that decided a step.
 *
 * @param name as in the file, such as {@code pam_allow_groups}
 * @param section that counts before {@code [global]}: a domain, or {@code offline_breakglass}
 * @param entry the one entry of a list that decided: only places that have it are shown
 */
public record OptionUse(String name, Optional<String> section, Optional<String> entry) {
  /** An option of {@code [global]}. */
  public static OptionUse of(String name) {
    return new OptionUse(name, Optional.empty(), Optional.empty());
  }

  /** An option that another section sets, or may set. */
  public static OptionUse of(String name, String section) {
    return new OptionUse(name, Optional.of(section), Optional.empty());
  }

  /** One entry of a list. */
  public static OptionUse entry(String name, String entry) {
    return new OptionUse(name, Optional.empty(), Optional.of(entry));
  }
}
