package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Short names belong to example.org; {@code root} and {@code local} are of this host. */
public final class MemoryDirectory implements Directory {
  public static final long UID = 773235643;

  private final Map<AccountName, Account> accounts = new HashMap<>();
  public final Set<String> obstacles = new HashSet<>();
  public final Set<String> undecided = new HashSet<>();
  boolean conflict;

  /** Whether a conflict stays until an administrator has decided. */
  boolean noted;

  public long uid = UID;

  @Override
  public Optional<AccountName> resolve(String typed) {
    if (typed.isBlank() || Set.of("root", "local").contains(typed)) {
      return Optional.empty();
    }
    return AccountName.parse(typed.contains("@") ? typed : typed + "@example.org")
        .filter(name -> Set.of("example.org", "example.net").contains(name.domain()));
  }

  @Override
  public Optional<Account> account(AccountName name) {
    return Optional.ofNullable(accounts.get(name));
  }

  @Override
  public Optional<String> obstacle(AccountName name) {
    return obstacles.contains(name.local())
        ? Optional.of("the id is taken by a local account")
        : Optional.empty();
  }

  @Override
  public Optional<String> undecided(AccountName name) {
    return undecided.contains(name.local()) ? Optional.of("a stand-in") : Optional.empty();
  }

  @Override
  public Account record(DirectoryUser user, Optional<List<Group>> groups) throws DirectoryConflict {
    if (conflict) {
      if (noted) {
        obstacles.add(user.name().local());
      }
      throw new DirectoryConflict("the id is taken");
    }
    AccountName name = user.name();
    Optional<UUID> before = account(name).flatMap(Account::objectId);
    if (before.isPresent() && !before.equals(user.objectId())) {
      obstacles.add(name.local());
      throw new DirectoryConflict("another account than before");
    }
    Account account =
        new Account(
            name,
            user.objectId(),
            new PasswdEntry(name.local(), uid, uid, "", "/home/" + name.local(), "/bin/bash"),
            "/home/",
            name.local(),
            List.of(name.upn()),
            groups.orElse(List.of()).stream().map(Group::objectId).toList());
    accounts.put(name, account);
    return account;
  }

  @Override
  public List<UUID> groupsOf(AccountName name) {
    return account(name).map(Account::groups).orElse(List.of());
  }

  @Override
  public Optional<Account> account(long uid) {
    return accounts().stream().filter(a -> a.passwd().uid() == uid).findFirst();
  }

  @Override
  public List<Account> accounts() {
    return List.copyOf(accounts.values());
  }

  @Override
  public LookupAnswer<PasswdEntry> userByName(String name, Duration budget) {
    return new LookupAnswer.NotFound<>();
  }

  @Override
  public LookupAnswer<PasswdEntry> userById(long uid, Duration budget) {
    return new LookupAnswer.NotFound<>();
  }

  @Override
  public LookupAnswer<GroupEntry> groupByName(String nameOrObjectId, Duration budget) {
    return new LookupAnswer.NotFound<>();
  }

  @Override
  public LookupAnswer<GroupEntry> groupById(long gid, Duration budget) {
    return new LookupAnswer.NotFound<>();
  }

  @Override
  public LookupAnswer<Gids> groupsOf(String name, Duration budget) {
    return new LookupAnswer.NotFound<>();
  }

  @Override
  public List<UUID> shownGroupsOf(AccountName name) {
    return groupsOf(name);
  }

  @Override
  public boolean signsInToLocal(AccountName name) {
    return false;
  }

  @Override
  public void expire() {}

  @Override
  public void clear() {
    accounts.clear();
  }
}
