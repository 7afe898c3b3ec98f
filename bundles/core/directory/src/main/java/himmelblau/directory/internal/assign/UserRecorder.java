package himmelblau.directory.internal.assign;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.setup.HostEntries;
import himmelblau.directory.internal.store.FormerIds;
import himmelblau.directory.internal.store.IdClaims;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.StaticIds;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores what the directory returned about a user, in one transaction, and returns what changed.
 */
public final class UserRecorder {
  private static final Log LOG = Log.of(UserRecorder.class);

  private final Area area;
  private final Clock clock;

  public UserRecorder(Area area, Clock clock) {
    this.area = area;
    this.clock = clock;
  }

  /** A written user, or why not. */
  private record Outcome(@Nullable Changed changed, @Nullable String refused) {}

  /** Also notes a refusal, so that both sides of a collision show it. */
  public Changed record(DirectorySetup setup, DirectoryUser user, Optional<List<Group>> groups)
      throws DirectoryConflict {
    Optional<String> misplaced = setup.domains().refusal(user.name());
    if (misplaced.isPresent()) { // the configuration may say otherwise in a moment: not noted
      throw new DirectoryConflict(misplaced.get());
    }
    Outcome outcome =
        area.write(
            connection -> {
              Optional<String> taken = takeOver(connection, setup, user);
              if (taken.isPresent()) { // not noted: it must not lock out whose name it is
                return new Outcome(null, taken.get());
              }
              try {
                return new Outcome(write(connection, setup, user, groups), null);
              } catch (DirectoryConflict e) {
                String why = String.valueOf(e.getMessage());
                IdConflicts.put(connection, user.name().upn(), why);
                return new Outcome(null, why);
              }
            });
    if (outcome.changed() == null) {
      throw new DirectoryConflict(String.valueOf(outcome.refused()));
    }
    return outcome.changed();
  }

  private Changed write(
      Connection c, DirectorySetup setup, DirectoryUser user, Optional<List<Group>> groups)
      throws SQLException, DirectoryConflict {
    HostEntries entries = new HostEntries(setup);
    Optional<String> refused =
        setup.names().isMapped(user.name()) ? Optional.empty() : entries.obstacle(user.name());
    if (refused.isPresent()) {
      throw new DirectoryConflict(refused.get());
    }
    Optional<StoredUser> same =
        user.objectId().isPresent()
            ? UserTable.byObjectId(c, user.objectId().get())
            : Optional.empty();
    Optional<StoredUser> named = UserTable.byName(c, user.name());
    if (same.isEmpty()
        && named.isPresent()
        && named.get().objectId().isPresent()
        && user.objectId().isPresent()) {
      throw anotherIdentity(
          c, named.get().objectId().get(), named.get().uid(), named.get().gid(), user);
    }
    Optional<StoredUser> old = same.isPresent() ? same : named;
    DirectoryUser known = old.isPresent() ? merge(old.get(), user) : user;
    AssignedIds ids = ids(c, setup, known, old);
    if (same.isEmpty() && user.objectId().isPresent()) {
      refuseInheritance(c, user, ids);
    }
    new IdCollisions(c, setup).check(known, ids, old.map(StoredUser::id).orElse(0L));

    if (same.isPresent() && named.isPresent() && named.get().id() != same.get().id()) {
      FormerIds.put(c, named.get()); // they may come back under another name
      UserTable.delete(c, named.get().id()); // the name has moved to this object
    }
    StoredUser written =
        UserTable.write(
            c,
            new StoredUser(
                old.map(StoredUser::id).orElse(0L),
                known.name(),
                known.objectId(),
                known.tenantId(),
                known.displayName(),
                ids.uid(),
                ids.gid(),
                ids.basis(),
                known.posix(),
                clock.instant()));
    if (!ids.provisional() || !IdClaims.held(c, user.name().upn())) {
      IdClaims.drop(c, user.name().upn());
      // That the name exists says nothing about whose it is.
      if (user.objectId().isPresent() || !IdConflicts.lasts(c, user.name().upn())) {
        IdConflicts.settle(c, user.name().upn());
      }
    }
    if (known.objectId().isPresent()) {
      FormerIds.drop(c, known.objectId().get());
    }
    MembershipWriter.Result memberships =
        new MembershipWriter(c, setup).write(written, groups, old.isPresent());
    return new Changed(written, old, memberships);
  }

  /**
   * Why a user must not get the name, where users may be able to choose theirs: another account has
   * it here. Elsewhere it has moved.
   */
  private static Optional<String> takeOver(Connection c, DirectorySetup setup, DirectoryUser user)
      throws SQLException {
    boolean chosen =
        setup.domains().provider(user.name()).filter(p -> !p.confirmsNames()).isPresent();
    if (!chosen
        || user.objectId().isEmpty()
        || UserTable.byObjectId(c, user.objectId().get()).isEmpty()) {
      return Optional.empty();
    }
    return UserTable.byName(c, user.name())
        .flatMap(StoredUser::objectId)
        .filter(owner -> !owner.equals(user.objectId().get()))
        .map(owner -> user.name().upn() + " is the name of the account with object id " + owner);
  }

  /** What a mere "exists" must not wipe out stays. */
  private static DirectoryUser merge(StoredUser old, DirectoryUser now) {
    if (now.objectId().isEmpty()) {
      return new DirectoryUser(
          now.name(),
          old.objectId(),
          old.tenantId(),
          now.displayName().isEmpty() ? old.displayName() : now.displayName(),
          old.posix());
    }
    return now;
  }

  /**
   * An account unknown to this host has a known name: the account was deleted and created again, or
   * the name was given to another user. They would get uid, home and subordinate ids of the one
   * before, so an administrator decides (decision 0631).
   */
  private static DirectoryConflict anotherIdentity(
      Connection c, UUID before, long uid, long gid, DirectoryUser now) throws SQLException {
    String upn = now.name().upn();
    String why =
        upn
            + " is a different account now (object id "
            + now.objectId().map(UUID::toString).orElse("unknown")
            + " instead of "
            + before
            + "), and uid "
            + uid
            + ", home and subordinate ids belong to the previous account. Assign other ids to the "
            + "new account with aad-tool idmap user-add --name "
            + upn
            + " --uid UID --gid GID; with --uid "
            + uid
            + " --gid "
            + gid
            + " it takes over those of the previous account";
    IdConflicts.put(c, upn, why);
    IdConflicts.last(c, upn);
    return new DirectoryConflict(why);
  }

  /**
   * The same after this host has noticed that the account before was deleted: its files are still
   * there. An administrator who has given ids to the name has decided.
   */
  private static void refuseInheritance(Connection c, DirectoryUser user, AssignedIds ids)
      throws SQLException, DirectoryConflict {
    Optional<UUID> owner = FormerIds.ownerOf(c, user.name(), ids.uid());
    if (owner.isPresent()
        && !owner.equals(user.objectId())
        && StaticIds.user(c, user.name()).isEmpty()) {
      throw anotherIdentity(c, owner.get(), ids.uid(), ids.gid(), user);
    }
  }

  /** A user who was renamed once keeps the ids that their files have. */
  private static AssignedIds ids(
      Connection c, DirectorySetup setup, DirectoryUser user, Optional<StoredUser> old)
      throws SQLException, DirectoryConflict {
    AssignedIds ids = new IdAssigner(setup).user(c, user);
    if (user.objectId().isEmpty() || !ids.basis().startsWith("name:")) {
      return ids;
    }
    Optional<AssignedIds> had =
        old.filter(row -> row.objectId().equals(user.objectId()))
            .map(row -> new AssignedIds(row.uid(), row.gid(), row.basis()));
    if (had.isEmpty()) {
      had = FormerIds.of(c, user.objectId().get());
    }
    Optional<AssignedIds> kept =
        had.filter(before -> before.basis().equals(ids.basis()) && before.uid() != ids.uid());
    if (kept.isPresent() && old.filter(row -> row.name().equals(user.name())).isEmpty()) {
      LOG.info("directory.renamed", "to", user.name(), "keeps", kept.get().uid());
    }
    return kept.orElse(ids);
  }

  /**
   * What a write came to.
   *
   * @param before the user as kept until then
   */
  public record Changed(
      StoredUser user, Optional<StoredUser> before, MembershipWriter.Result memberships) {
    public List<UUID> groups() {
      return memberships.all();
    }
  }
}
