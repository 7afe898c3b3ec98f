package himmelblau.directory.internal.map;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.LookupMap;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.assign.MembershipWriter;
import himmelblau.directory.internal.assign.UserRecorder;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.FormerIds;
import himmelblau.directory.internal.store.IdClaims;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.Sql;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Stores users and keeps the lookup map consistent with the store. Thread-safe. */
public final class DirectoryCache {
  private static final Log LOG = Log.of(DirectoryCache.class);
  private static final Duration BETWEEN_RESCUES = Duration.ofSeconds(10);

  private final Area area;
  private final LookupMap map;
  private final UserRecorder recorder;
  private final MissingAccounts missing;
  private final Supplier<DirectorySetup> setup;
  private final Clock clock;
  private final MissingNamePublisher missingNames;
  private Instant rescued = Instant.EPOCH; // guarded by this

  public DirectoryCache(
      Area area,
      LookupMap map,
      MissingAccounts missing,
      Supplier<DirectorySetup> setup,
      Clock clock) {
    this.area = area;
    this.map = map;
    this.missing = missing;
    this.setup = setup;
    this.clock = clock;
    this.recorder = new UserRecorder(area, clock);
    this.missingNames =
        new MissingNamePublisher(
            names -> merge(new Change(List.of(), List.of(), names, List.of())));
  }

  /** Stores a user that the directory returned; the map shows the user when this returns. */
  public UserRecorder.Changed record(DirectoryUser user, Optional<List<Group>> groups)
      throws DirectoryConflict {
    return record(user, groups, false);
  }

  /** Stores a user who has just signed in here. */
  public UserRecorder.Changed signedIn(DirectoryUser user, Optional<List<Group>> groups)
      throws DirectoryConflict {
    return record(user, groups, user.objectId().isPresent());
  }

  private UserRecorder.Changed record(
      DirectoryUser user, Optional<List<Group>> groups, boolean signedIn) throws DirectoryConflict {
    DirectorySetup now = setup.get();
    long disputed = area.read(IdClaims::count);
    UserRecorder.Changed changed;
    try {
      changed = recorder.record(now, user, groups);
    } finally {
      if (area.read(IdClaims::count) != disputed) {
        publish(); // groups of other users have lost a gid, or have it back
      }
    }
    missing.forget(user.name());
    missingNames.drop(List.of(now.names().shown(user.name()), user.name().upn()));
    boolean first = signedIn && firstSignIn(changed.user());
    boolean same =
        !first
            && changed.before().isPresent()
            && sameForHosts(changed.before().get(), changed.user())
            && changed.memberships().joined().isEmpty()
            && changed.memberships().changed().isEmpty();
    if (!same) {
      merge(new MapContent(area, now, Map.of()).change(changed));
    }
    return changed;
  }

  /** A name that was reserved for the host until now may now belong to the user. */
  private boolean firstSignIn(StoredUser user) {
    if (area.read(connection -> UserTable.signedIn(connection, user.name()))) {
      return false;
    }
    return area.write(
        connection -> {
          UserTable.markSignedIn(connection, user.id());
          return true;
        });
  }

  /** Stores a group, which need not have known members; the map shows it when this returns. */
  public Optional<StoredGroup> record(Group group, String domain) {
    DirectorySetup now = setup.get();
    Optional<StoredGroup> kept =
        area.write(c -> new MembershipWriter(c, now).keep(now.domains().named(domain), group));
    if (kept.isPresent()) {
      MapContent content = new MapContent(area, now, Map.of());
      MappedGroup shown = area.read(c -> content.mapped(c, kept.get()));
      merge(new Change(List.of(), List.of(shown), Map.of(), List.of()));
    }
    return kept;
  }

  private static boolean sameForHosts(StoredUser a, StoredUser b) {
    return a.name().equals(b.name())
        && a.objectId().equals(b.objectId())
        && a.displayName().equals(b.displayName())
        && a.uid() == b.uid()
        && a.gid() == b.gid()
        && a.posix().equals(b.posix());
  }

  /** The directory says that there is no such account. */
  public void absent(AccountName name) {
    DirectorySetup now = setup.get();
    Optional<StoredUser> gone =
        area.write(
            connection -> {
              Optional<StoredUser> found = UserTable.byName(connection, name);
              if (found.isPresent()) {
                FormerIds.put(connection, found.get());
                UserTable.delete(connection, found.get().id());
              }
              IdClaims.drop(connection, name.upn());
              IdClaims.settle(connection);
              return found;
            });
    Instant until = missing.put(name, now.settings().cacheTimeout());
    String shown = now.names().shown(name);
    if (gone.isPresent()) {
      LOG.info("directory.gone", "upn", name);
      publish(); // also out of the groups
    } else {
      missingNames.add(
          shown.equals(name.upn())
              ? Map.of(shown, until)
              : Map.of(shown, until, name.upn(), until));
    }
  }

  /** Marks everything as stale and forgets missing names. */
  public void expire() {
    area.write(
        connection -> {
          UserTable.expire(connection);
          IdConflicts.clear(connection);
          return true;
        });
    missing.clear();
    missingNames.clear();
    publish();
  }

  public void clear() {
    area.write(
        connection -> {
          Sql.update(connection, "DELETE FROM directory_memberships");
          Sql.update(connection, "DELETE FROM directory_people");
          Sql.update(connection, "DELETE FROM directory_groups");
          FormerIds.clear(connection);
          IdClaims.clear(connection);
          IdConflicts.clear(connection);
          return true;
        });
    missing.clear();
    missingNames.clear();
    publish();
  }

  /** Rewrites the whole map. */
  public void publish() {
    try {
      map.publish(new MapContent(area, setup.get(), Map.of()));
    } catch (UncheckedIOException logged) {
      // Readers keep the old map; lookups are answered over the socket.
    }
  }

  private void merge(Change change) {
    try {
      map.merge(change);
    } catch (UncheckedIOException logged) {
      rescue();
    }
  }

  /**
   * A map that cannot be updated, possibly because it is damaged, is rewritten. Only once: a full
   * disk would not be better the second time.
   */
  private synchronized void rescue() {
    Instant now = clock.instant();
    if (now.isAfter(rescued.plus(BETWEEN_RESCUES))) {
      rescued = now;
      Thread.ofVirtual().name("directory-rescue").start(this::publish);
    }
  }
}
