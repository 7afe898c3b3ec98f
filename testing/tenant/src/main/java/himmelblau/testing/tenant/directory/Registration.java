package himmelblau.testing.tenant.directory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What an application registration has beside its names and credentials.
 *
 * @param owner the user who registered it
 * @param required delegated permissions on Graph that it asks for, by name
 * @param consented delegated permissions that an administrator consented to; empty: whatever is
 *     asked for
 * @param extensions the directory extensions that it defined
 */
public record Registration(
    Optional<UUID> owner,
    List<String> required,
    Optional<Set<String>> consented,
    List<Extension> extensions) {
  /** Of an application that was there from the beginning. */
  public static final Registration OPEN =
      new Registration(Optional.empty(), List.of(), Optional.empty(), List.of());

  public Registration {
    required = List.copyOf(required);
    consented = consented.map(Set::copyOf);
    extensions = List.copyOf(extensions);
  }

  /** With consent to these, beside what was consented to. */
  public Registration consent(List<String> more) {
    Set<String> all = new LinkedHashSet<>(consented.orElse(Set.of()));
    all.addAll(more);
    return new Registration(owner, required, Optional.of(all), extensions);
  }

  public Registration with(Extension extension) {
    List<Extension> all = new ArrayList<>(extensions);
    all.add(extension);
    return new Registration(owner, required, consented, all);
  }
}
