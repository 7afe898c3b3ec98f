package himmelblau.directory.internal.compare;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.assign.IdAssigner;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.IdClaims;
import himmelblau.directory.internal.store.StoredGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the ids that a new host would assign to all users and groups of the directories, passes
 * them to the comparison with another machine, and reports collisions. Keeps eight bytes for each
 * object; the directories are listed a second time only if there is something to report.
 */
public final class TenantComparison {
  private static final int MOST_FINDINGS = 1000;

  private final DirectoryEngine engine;
  private final DirectorySetup setup;
  private final IdComparison comparison;
  private final Set<String> findings = new LinkedHashSet<>();
  private long[] keys = new long[1024];
  private int size;
  private long users;
  private long groups;
  private long skipped;

  public TenantComparison(DirectoryEngine engine, IdComparison comparison) {
    this.engine = engine;
    this.setup = engine.setup();
    this.comparison = comparison;
  }

  /** What was found, and how much was looked at. */
  public record Outcome(List<String> findings, long users, long groups, long skipped) {}

  public Outcome run(List<DirectoryListing> listings) throws DomainUnavailable {
    for (DirectoryListing listing : listings) {
      listing.users(this::first);
      listing.groups(group -> first(group, listing.domain()));
    }
    Set<Long> shared = shared();
    if (!shared.isEmpty()) {
      Map<Long, List<String>> owners = new TreeMap<>();
      for (DirectoryListing listing : listings) {
        listing.users(user -> second(user, shared, owners));
        listing.groups(group -> second(group, listing.domain(), shared, owners));
      }
      owners.forEach(TenantComparison.this::collision);
    }
    return new Outcome(List.copyOf(findings), users, groups, skipped);
  }

  private void first(DirectoryUser user) {
    if (setup.domains().refusal(user.name()).isPresent()) {
      skipped++; // no user of this domain signs in here
      return;
    }
    users++;
    try {
      AssignedIds ids = ids(user);
      add(uid(ids.uid()));
      if (ids.gid() == ids.uid()) {
        add(gid(ids.uid()));
      }
      comparison.user(user.name(), ids.uid(), ids.gid());
    } catch (DirectoryConflict e) {
      say(String.valueOf(e.getMessage()));
    }
  }

  private void first(Group group, String domain) {
    Optional<StoredGroup> stored;
    try {
      stored = ids(group, domain);
    } catch (DirectoryConflict e) {
      say(String.valueOf(e.getMessage()));
      return;
    }
    if (stored.isEmpty()) {
      skipped++; // left out by the configuration
      return;
    }
    groups++;
    add(gid(stored.get().gid()));
    comparison.group(stored.get());
  }

  private void second(DirectoryUser user, Set<Long> shared, Map<Long, List<String>> owners) {
    if (setup.domains().refusal(user.name()).isPresent()) {
      return;
    }
    try {
      AssignedIds ids = ids(user);
      own(uid(ids.uid()), user.name().upn(), shared, owners);
      if (ids.gid() == ids.uid()) {
        own(gid(ids.uid()), user.name().upn(), shared, owners);
      }
    } catch (DirectoryConflict said) {
      // in the first round
    }
  }

  private void second(
      Group group, String domain, Set<Long> shared, Map<Long, List<String>> owners) {
    try {
      Optional<StoredGroup> stored = ids(group, domain);
      if (stored.isPresent()) {
        own(gid(stored.get().gid()), IdClaims.group(group.objectId()), shared, owners);
      }
    } catch (DirectoryConflict said) {
      // in the first round
    }
  }

  private static void own(long key, String who, Set<Long> shared, Map<Long, List<String>> owners) {
    if (shared.contains(key)) {
      owners.computeIfAbsent(key, k -> new ArrayList<>()).add(who);
    }
  }

  /** Users who share a uid also share their private gid: said once. */
  private void collision(long key, List<String> owners) {
    boolean uid = (key & 1) == 0;
    if (uid || owners.stream().anyMatch(who -> who.startsWith("group "))) {
      say(
          (uid ? "uid " : "gid ")
              + (key >>> 1)
              + " would be that of "
              + String.join(" and of ", owners)
              + "; assign other ids to all but one of them with aad-tool idmap "
              + (uid ? "user-add" : "group-add"));
    }
  }

  private AssignedIds ids(DirectoryUser user) throws DirectoryConflict {
    return engine
        .area()
        .read(
            connection -> {
              try {
                return new Given(new IdAssigner(setup).user(connection, user), null);
              } catch (DirectoryConflict e) {
                return new Given(null, e);
              }
            })
        .get();
  }

  private Optional<StoredGroup> ids(Group group, String domain) throws DirectoryConflict {
    Optional<DomainSettings> settings = setup.domains().named(domain);
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    AssignedIds none = new AssignedIds(-1, -1, "none");
    AssignedIds ids =
        engine
            .area()
            .read(
                connection -> {
                  try {
                    return new Given(
                        new IdAssigner(setup).group(connection, group, settings.get()).orElse(none),
                        null);
                  } catch (DirectoryConflict e) {
                    return new Given(null, e);
                  }
                })
            .get();
    return ids.equals(none)
        ? Optional.empty()
        : Optional.of(
            new StoredGroup(
                group.objectId(),
                group.displayName(),
                ids.gid(),
                ids.basis(),
                group.gidNumber(),
                domain));
  }

  /** Ids, or why there are none: a query cannot throw it. */
  private record Given(@Nullable AssignedIds ids, @Nullable DirectoryConflict refused) {
    AssignedIds get() throws DirectoryConflict {
      if (ids != null) {
        return ids;
      }
      throw new DirectoryConflict(refused == null ? "" : String.valueOf(refused.getMessage()));
    }
  }

  private static long uid(long id) {
    return id << 1;
  }

  private static long gid(long id) {
    return id << 1 | 1;
  }

  private void add(long key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
    }
    keys[size++] = key;
  }

  private Set<Long> shared() {
    Arrays.sort(keys, 0, size);
    Set<Long> twice = new HashSet<>();
    for (int i = 1; i < size; i++) {
      if (keys[i] == keys[i - 1]) {
        twice.add(keys[i]);
      }
    }
    return twice;
  }

  private void say(String finding) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(finding);
    } else if (findings.size() == MOST_FINDINGS) {
      findings.add("… and more; these are the first " + MOST_FINDINGS);
    }
  }
}
