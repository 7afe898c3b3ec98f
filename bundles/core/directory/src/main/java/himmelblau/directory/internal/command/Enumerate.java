package himmelblau.directory.internal.command;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.ids.ReservedIds;
import himmelblau.directory.internal.store.StaticIds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * {@code aad-tool enumerate}: replaces the fixed ids by the current POSIX attributes of the
 * directory.
 */
@Component(property = AdminCommand.COMMAND + "=enumerate")
public final class Enumerate implements AdminCommand {
  private static final Log LOG = Log.of(Enumerate.class);

  private final DirectoryEngine engine;
  private final List<DirectoryListing> listings;

  @Activate
  public Enumerate(
      @Reference DirectoryComponent directory,
      @Reference(
              cardinality = ReferenceCardinality.MULTIPLE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<DirectoryListing> listings) {
    this(directory.engine(), listings);
  }

  Enumerate(DirectoryEngine engine, List<DirectoryListing> listings) {
    this.engine = engine;
    this.listings = List.copyOf(listings);
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "enumerate");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!CommandOptions.of(arguments, "--name=-D", "--client-id=").clean()) {
      terminal.err(help());
      return 2;
    }
    if (listings.isEmpty()) {
      terminal.err(
          "Failed to obtain any access token: no domain can list its directory without a user;");
      terminal.err(
          "give it credentials with aad-tool cred secret or aad-tool cred cert. Nothing was changed.");
      return 1;
    }
    Map<String, DirectoryUser> users = new HashMap<>();
    Map<String, Group> groups = new HashMap<>();
    try {
      for (DirectoryListing listing : listings) {
        listing.users(
            user -> user.posix().uidNumber().ifPresent(uid -> users.put(user.name().upn(), user)));
        listing.groups(
            group ->
                group.gidNumber().ifPresent(gid -> groups.put(group.objectId().toString(), group)));
      }
    } catch (DomainUnavailable e) {
      terminal.err(
          "the directory cannot be read now: " + e.getMessage() + ". Nothing was changed.");
      return 1;
    }
    if (users.isEmpty() && groups.isEmpty()) {
      terminal.err(
          "no user in the directory has a uidNumber, and no group has a gidNumber, that this "
              + "application can read. Nothing was changed; aad-tool idmap clear deletes the fixed "
              + "ids.");
      return 1;
    }
    replace(users, groups);
    engine.staticIdsChanged();
    return 0;
  }

  private void replace(Map<String, DirectoryUser> users, Map<String, Group> groups) {
    Set<Long> twiceUid = repeated(users.values().stream().map(Enumerate::uid).toList());
    Set<Long> twiceGid = repeated(groups.values().stream().map(Enumerate::gid).toList());
    engine
        .area()
        .write(
            connection -> {
              StaticIds.clear(connection);
              for (DirectoryUser user : users.values()) {
                long gid = user.posix().gidNumber().orElse(uid(user));
                if (fit(user.name().upn(), uid(user), twiceUid)
                    && fit(user.name().upn(), gid, Set.of())) {
                  StaticIds.putUser(connection, user.name(), uid(user), gid);
                }
              }
              for (Group group : groups.values()) {
                if (fit("group " + group.objectId(), gid(group), twiceGid)) {
                  StaticIds.putGroup(connection, group.objectId(), gid(group));
                }
              }
              return true;
            });
  }

  private static boolean fit(String who, long id, Set<Long> twice) {
    Optional<String> obstacle =
        twice.contains(id)
            ? Optional.of("several objects have this id")
            : ReservedIds.owner(id).map(owner -> "belongs to " + owner);
    obstacle.ifPresent(
        why -> LOG.warn("directory.enumerate_skipped", "who", who, "id", id, "reason", why));
    return obstacle.isEmpty();
  }

  private static Set<Long> repeated(List<Long> ids) {
    Set<Long> seen = new HashSet<>();
    Set<Long> twice = new HashSet<>();
    for (Long id : ids) {
      if (!seen.add(id)) {
        twice.add(id);
      }
    }
    return twice;
  }

  private static long uid(DirectoryUser user) {
    return user.posix().uidNumber().orElseThrow();
  }

  private static long gid(Group group) {
    return group.gidNumber().orElseThrow();
  }
}
