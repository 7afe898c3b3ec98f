package himmelblau.shell.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * A plug-in and how it is.
 *
 * @param kind such as {@code mfa method}
 * @param name what it calls itself, or several names with commas between
 * @param bundle symbolic name
 * @param since when {@code state} began
 * @param why why it does not run, or is not used; else empty
 * @param component its description, if a component is known
 */
record Plugin(
    String kind,
    String name,
    String state,
    String bundle,
    String version,
    Instant since,
    String why,
    Optional<ComponentDescriptionDTO> component) {
  static final String ACTIVE = "active";
  static final String DISABLED = "disabled";
  static final String STOPPED = "stopped";
  static final List<String> HEAD =
      List.of("KIND", "NAME", "STATE", "BUNDLE", "VERSION", "SINCE", "WHY");

  boolean active() {
    return state.equals(ACTIVE);
  }

  /** Whether an administrator means it: by one of its names, its bundle, or the end of that. */
  boolean called(String word) {
    return Arrays.asList(name.split(",")).contains(word)
        || name.equals(word)
        || bundle.equals(word)
        || bundle.endsWith("." + word);
  }

  String[] row() {
    return new String[] {
      kind, name, state, bundle, version, since.truncatedTo(ChronoUnit.SECONDS).toString(), why
    };
  }
}
