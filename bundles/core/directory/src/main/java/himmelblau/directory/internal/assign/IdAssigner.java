package himmelblau.directory.internal.assign;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.directory.internal.host.LocalAccounts;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.ids.IdHash;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.ids.ReservedIds;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.StaticIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Assigns ids to users and groups (host-behaviour 4.1), or gives the reason why that is not
 * possible.
 */
public final class IdAssigner {
  private final DirectorySetup setup;

  public IdAssigner(DirectorySetup setup) {
    this.setup = setup;
  }

  /** Ids of a user, free of reserved and local ids; collisions are for the caller to find. */
  public AssignedIds user(Connection c, DirectoryUser user) throws SQLException, DirectoryConflict {
    Optional<LocalAccounts.Entry> local = setup.names().mappedLocal(user.name());
    if (local.isPresent()) {
      return new AssignedIds(local.get().uid(), local.get().gid(), AssignedIds.USER_MAP);
    }
    Optional<AssignedIds> fixed = StaticIds.user(c, user.name());
    AssignedIds ids = fixed.isPresent() ? fixed.get() : mapped(user);
    refuseHostIds("uid", ids.uid(), user.name().upn());
    if (ids.gid() != ids.uid()) {
      refuseReserved("gid", ids.gid(), user.name().upn());
    }
    return ids;
  }

  /** The gid of a group; empty when groups without {@code gidNumber} are left out. */
  public Optional<AssignedIds> group(Connection c, Group group, DomainSettings domain)
      throws SQLException, DirectoryConflict {
    OptionalLong fixed = StaticIds.group(c, group.objectId());
    Optional<AssignedIds> ids =
        fixed.isPresent()
            ? Optional.of(new AssignedIds(fixed.getAsLong(), fixed.getAsLong(), "static"))
            : mapped(group, domain);
    if (ids.isPresent()) {
      refuseHostIds("gid", ids.get().gid(), "group " + group.objectId());
    }
    return ids;
  }

  private AssignedIds mapped(DirectoryUser user) throws DirectoryConflict {
    IdRange range =
        setup.domains().of(user.name()).map(DomainSettings::range).orElse(IdRange.DEFAULT);
    String upn = user.name().upn();
    return switch (setup.settings().idSource()) {
      case NAME -> same(IdHash.ofName(upn, range), "name:" + range, upn);
      case UUID ->
          user.objectId().isPresent()
              ? same(IdHash.ofObjectId(user.objectId().get(), range), "uuid:" + range, upn)
              : refuse(upn + " has no id before its first sign-in (id_attr_map = uuid)");
      case RFC2307 -> rfc2307(user, range);
    };
  }

  private AssignedIds rfc2307(DirectoryUser user, IdRange range) throws DirectoryConflict {
    String upn = user.name().upn();
    OptionalLong uid = user.posix().uidNumber();
    if (uid.isEmpty()) {
      if (user.objectId().isPresent()) {
        return refuse(upn + " has no uidNumber in the directory (id_attr_map = rfc2307)");
      }
      // Nothing is known before the first sign-in; the hash of the name is used.
      return same(IdHash.ofName(upn, range), "provisional:" + range, upn);
    }
    long gid = user.posix().gidNumber().orElse(uid.getAsLong());
    return new AssignedIds(uid.getAsLong(), gid, "rfc2307");
  }

  private Optional<AssignedIds> mapped(Group group, DomainSettings domain)
      throws DirectoryConflict {
    IdRange range = domain.range();
    String who = "group " + group.objectId();
    Source source = setup.settings().idSource();
    if (source == Source.RFC2307) {
      if (group.gidNumber().isPresent()) {
        long gid = group.gidNumber().getAsLong();
        return Optional.of(new AssignedIds(gid, gid, "rfc2307"));
      }
      Optional<Source> fallback = setup.settings().groupFallback();
      if (fallback.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          fallback.get() == Source.UUID
              ? same(IdHash.ofObjectId(group.objectId(), range), "uuid:" + range, who)
              : same(IdHash.ofName(nameOf(group), range), "display-name:" + range, who));
    }
    return Optional.of(
        source == Source.UUID
            ? same(IdHash.ofObjectId(group.objectId(), range), "uuid:" + range, who)
            : same(IdHash.ofName(group.objectId().toString(), range), "object-id:" + range, who));
  }

  /** The object id replaces a name that the directory does not have (entra-hello-graph 2.3). */
  private static String nameOf(Group group) {
    return group.displayName().isBlank() ? group.objectId().toString() : group.displayName();
  }

  /** Refuses an id that is reserved for the host or used by a local account. */
  void refuseHostIds(String kind, long id, String who) throws DirectoryConflict {
    refuseReserved(kind, id, who);
    if (setup.host().accounts().takesId(id)) {
      refuse(
          kind + " " + id + " of " + who + " is taken by a local account or group; local ids win");
    }
  }

  private static void refuseReserved(String kind, long id, String who) throws DirectoryConflict {
    Optional<String> owner = ReservedIds.owner(id);
    if (owner.isPresent()) {
      refuse(kind + " " + id + " of " + who + " belongs to " + owner.get());
    }
  }

  private static AssignedIds same(OptionalLong id, String basis, String who)
      throws DirectoryConflict {
    return id.isPresent()
        ? new AssignedIds(id.getAsLong(), id.getAsLong(), basis)
        : refuse("idmap_range leaves no id for " + who);
  }

  private static AssignedIds refuse(String why) throws DirectoryConflict {
    throw new DirectoryConflict(why);
  }
}
