package himmelblau.userdb.internal;

import com.google.gson.JsonObject;
import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * io.systemd.UserDatabase as systemd.io/USER_GROUP_API describes it, on top of what lookups answer.
 *
 * <p>There is no order among the services that systemd asks: the first that knows a name wins.
 * Therefore nothing that could be the host's own is served: no reserved id, no account of the
 * host's files. Groups are named by object id in memberships, because a client looks them up by
 * that name again, and a display name could be that of a local group.
 */
final class UserDatabase {
  static final String INTERFACE = "io.systemd.UserDatabase";

  /** The name of the socket below /run/systemd/userdb. */
  static final String SERVICE = "himmelblau";

  /** Only from the cache: for lookups through NSS, our module waits for the directory. */
  private static final Duration BUDGET = Duration.ofMillis(25);

  /**
   * nss-systemd looks each group up again, on connections of its own, during a sign-in. Beyond this
   * all of them are left to our module, which gives them in one answer.
   */
  private static final int MOST_MEMBERSHIPS = 200;

  private static final Pattern OBJECT_ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final long LAST_SYSTEM_ID = 999;
  private static final long FIRST_RESERVED = 60_001;
  private static final long LAST_RESERVED = 65_535;
  private static final long NO_ID = 0xFFFF_FFFFL;

  private final Supplier<Optional<Directory>> source;

  UserDatabase(Supplier<Optional<Directory>> source) {
    this.source = source;
  }

  /** The parameters of the replies, at least one. */
  List<JsonObject> call(String method, CallParameters parameters, boolean more) throws CallRefused {
    return switch (method) {
      case "GetUserRecord" -> List.of(user(parameters));
      case "GetGroupRecord" -> List.of(group(parameters));
      case "GetMemberships" -> memberships(parameters, more);
      default -> throw CallRefused.noMethod(INTERFACE + "." + method);
    };
  }

  private JsonObject user(CallParameters parameters) throws CallRefused {
    Optional<String> name = parameters.text("userName");
    OptionalLong uid = parameters.id("uid");
    checked(parameters, Set.of("userName", "uid", "service"));
    if (name.isEmpty() && uid.isEmpty()) {
      throw CallRefused.database("EnumerationNotSupported");
    }
    Directory directory = directory();
    Optional<PasswdEntry> byName = Optional.empty();
    if (name.isPresent()) {
      byName = found(directory.userByName(name.get(), BUDGET));
    }
    Optional<PasswdEntry> byUid = Optional.empty();
    if (uid.isPresent()) {
      byUid = found(directory.userById(uid.getAsLong(), BUDGET));
    }
    PasswdEntry entry = agreed(name.isPresent(), byName, uid.isPresent(), byUid, PasswdEntry::uid);
    AccountName account = account(directory, entry).name();
    if (reserved(entry.uid()) || directory.signsInToLocal(account)) {
      throw CallRefused.database("NoRecordFound");
    }
    return UserRecords.user(entry, account, directory.shownGroupsOf(account));
  }

  private JsonObject group(CallParameters parameters) throws CallRefused {
    Optional<String> name = parameters.text("groupName").map(UserDatabase::canonical);
    OptionalLong gid = parameters.id("gid");
    checked(parameters, Set.of("groupName", "gid", "service"));
    if (name.isEmpty() && gid.isEmpty()) {
      throw CallRefused.database("EnumerationNotSupported");
    }
    Directory directory = directory();
    Optional<GroupEntry> byName = Optional.empty();
    if (name.isPresent()) {
      byName = found(directory.groupByName(name.get(), BUDGET));
    }
    Optional<GroupEntry> byGid = Optional.empty();
    if (gid.isPresent()) {
      byGid = found(directory.groupById(gid.getAsLong(), BUDGET));
    }
    GroupEntry entry = agreed(name.isPresent(), byName, gid.isPresent(), byGid, GroupEntry::gid);
    if (reserved(entry.gid())) {
      throw CallRefused.database("NoRecordFound");
    }
    return UserRecords.group(entry, name.orElse(entry.name()));
  }

  private List<JsonObject> memberships(CallParameters parameters, boolean more) throws CallRefused {
    Optional<String> user = parameters.text("userName");
    Optional<String> group = parameters.text("groupName").map(UserDatabase::canonical);
    checked(parameters, Set.of("userName", "groupName", "service"));
    if (user.isEmpty() && group.isEmpty()) {
      throw CallRefused.database("EnumerationNotSupported");
    }
    if ((user.isEmpty() || group.isEmpty()) && !more) {
      throw CallRefused.expectedMore();
    }
    List<JsonObject> pairs =
        user.isPresent() ? groupsOf(user.get(), group) : membersOf(group.orElseThrow());
    if (pairs.isEmpty()) {
      throw CallRefused.database("NoRecordFound");
    }
    return pairs;
  }

  private List<JsonObject> groupsOf(String user, Optional<String> only) throws CallRefused {
    Directory directory = directory();
    List<JsonObject> pairs = new ArrayList<>();
    Optional<PasswdEntry> entry = found(directory.userByName(user, BUDGET));
    if (entry.isPresent()) {
      for (UUID id : directory.shownGroupsOf(account(directory, entry.get()).name())) {
        if (only.isEmpty() || only.get().equals(id.toString())) {
          pairs.add(UserRecords.membership(entry.get().name(), id.toString()));
        }
      }
    }
    return pairs.size() > MOST_MEMBERSHIPS ? List.of() : pairs;
  }

  /** The group of one user is their primary one, which is no membership. */
  private List<JsonObject> membersOf(String group) throws CallRefused {
    List<JsonObject> pairs = new ArrayList<>();
    if (OBJECT_ID.matcher(group).matches()) {
      found(directory().groupByName(group, BUDGET))
          .ifPresent(
              entry ->
                  entry.members().forEach(name -> pairs.add(UserRecords.membership(name, group))));
    }
    return pairs;
  }

  /** Object ids have one spelling here, as in our answers; all other names are as they are. */
  private static String canonical(String group) {
    return OBJECT_ID.matcher(group).matches() ? group.toLowerCase(Locale.ROOT) : group;
  }

  private static void checked(CallParameters parameters, Set<String> known) throws CallRefused {
    if (!parameters.text("service").filter(SERVICE::equals).isPresent()) {
      throw CallRefused.database("BadService");
    }
    parameters.only(known);
  }

  private Directory directory() throws CallRefused {
    return source.get().orElseThrow(() -> CallRefused.database("ServiceNotAvailable"));
  }

  private static <T> Optional<T> found(LookupAnswer<T> answer) throws CallRefused {
    return switch (answer) {
      case LookupAnswer.Found<T> entry -> Optional.of(entry.value());
      case LookupAnswer.NotFound<T> nothing -> Optional.empty();
      // Nothing is known about it, not even that it does not exist.
      case LookupAnswer.TryAgain<T> later -> throw CallRefused.database("ServiceNotAvailable");
      case LookupAnswer.Unavailable<T> broken -> throw CallRefused.database("ServiceNotAvailable");
    };
  }

  /** What was asked for by one key, or by two that mean the same. */
  private static <T> T agreed(
      boolean named, Optional<T> byName, boolean numbered, Optional<T> byId, ToLongFunction<T> id)
      throws CallRefused {
    if (named && numbered && (byName.isPresent() || byId.isPresent())) {
      if (byName.isEmpty()
          || byId.isEmpty()
          || id.applyAsLong(byName.get()) != id.applyAsLong(byId.get())) {
        throw CallRefused.database("ConflictingRecordFound");
      }
    }
    return byName.or(() -> byId).orElseThrow(() -> CallRefused.database("NoRecordFound"));
  }

  /** Looked up just now, so it is missing only if it was deleted in the meantime. */
  private static Account account(Directory directory, PasswdEntry entry) throws CallRefused {
    return directory
        .account(entry.uid())
        .orElseThrow(() -> CallRefused.database("ServiceNotAvailable"));
  }

  private static boolean reserved(long id) {
    return id <= LAST_SYSTEM_ID || (id >= FIRST_RESERVED && id <= LAST_RESERVED) || id >= NO_ID;
  }
}
