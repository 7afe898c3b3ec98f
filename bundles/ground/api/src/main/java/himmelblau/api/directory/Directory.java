package himmelblau.api.directory;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Users and groups as this host sees them: names mapped, ids assigned, cached. Lookups never throw,
 * answer from the cache where possible, and never wait for the network longer than {@code budget}.
 * Never asks the host's NSS: local names are read from the files. Thread-safe.
 */
@ProviderType
public interface Directory {
  LookupAnswer<PasswdEntry> userByName(String name, Duration budget);

  LookupAnswer<PasswdEntry> userById(long uid, Duration budget);

  /**
   * A user private group by its user's name, or a group by object id. Never by display name
   * (CVE-2025-49012).
   */
  LookupAnswer<GroupEntry> groupByName(String nameOrObjectId, Duration budget);

  LookupAnswer<GroupEntry> groupById(long gid, Duration budget);

  LookupAnswer<Gids> groupsOf(String name, Duration budget);

  /**
   * Maps a name as typed at a prompt to the account it means (host-behaviour 3.5, 3.6): user map,
   * name mapping script, {@code cn_name_mapping}.
   *
   * @return empty when it cannot be a directory user: a local name, a reserved name, blank, or a
   *     domain that is not configured
   */
  Optional<AccountName> resolve(String typed);

  /** A known account, without asking the network. */
  Optional<Account> account(AccountName name);

  /** A known account by uid, without asking the network. */
  Optional<Account> account(long uid);

  /** All known accounts, without asking the network. */
  List<Account> accounts();

  /**
   * Why {@code name} cannot be used on this host although the directory has it (its name or id is
   * taken by a local account, id collision, reserved id, hostile name); checked before the user is
   * prompted.
   */
  Optional<String> obstacle(AccountName name);

  /**
   * Why no session of a known account may begin before the directory has confirmed it, although it
   * may sign in: its ids are provisional until then. Without asking the network.
   */
  Optional<String> undecided(AccountName name);

  /**
   * Records the result of a sign-in, and makes it visible to lookups before it returns.
   *
   * @param groups empty keeps the known ones
   * @throws DirectoryConflict if the user cannot be given an id here; nothing is changed then
   */
  Account record(DirectoryUser user, Optional<List<Group>> groups) throws DirectoryConflict;

  /** Ids of the groups the account was in at the last refresh, by object id. */
  List<UUID> groupsOf(AccountName name);

  /**
   * Of {@link #groupsOf(AccountName)} those that this host shows: they have a gid here, and no
   * local account or group takes their name or id. Without asking the network.
   */
  List<UUID> shownGroupsOf(AccountName name);

  /**
   * Whether the directory account is mapped to a local account (host-behaviour 3.6): its record is
   * that of the host's own files, so no other record of it may be published.
   */
  boolean signsInToLocal(AccountName name);

  /** Marks all entries as stale and drops negative ones; the next use refreshes. */
  void expire();

  /** Deletes all users, groups and memberships. The static id map stays. */
  void clear();
}
