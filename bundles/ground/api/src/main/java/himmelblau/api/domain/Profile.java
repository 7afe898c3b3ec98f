package himmelblau.api.domain;

import himmelblau.api.account.Group;
import himmelblau.api.account.Person;
import java.util.List;
import java.util.Optional;

/**
 * A person as the directory shows them to this host, without their doing.
 *
 * @param groups all groups the person is in, transitive; empty when the provider may not read them
 *     without the person: what is known stays
 */
public record Profile(Person person, Optional<List<Group>> groups) {
  public Profile {
    groups = groups.map(List::copyOf);
  }
}
