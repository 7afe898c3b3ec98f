package himmelblau.userdb.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** A directory of a few users and groups, which can be made to fail. */
final class UserdbFixture {
  static final String DOMAIN = "0pndv.onmicrosoft.com";
  static final String DATENGRUPPE = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";
  static final long GID = 145696387L;

  final List<PasswdEntry> users = new ArrayList<>();
  final List<GroupEntry> groups = new ArrayList<>();

  /** Groups of a user called joiner. */
  int joined;

  final Set<String> mapped = new HashSet<>();
  volatile LookupAnswer<?> instead = null;
  volatile boolean broken;

  UserdbFixture() {
    user("user01", 680773750L);
    user("user02", 773235643L);
    groups.add(new GroupEntry("datengruppe", GID, List.of("user02", "user01")));
  }

  PasswdEntry user(String name, long uid) {
    PasswdEntry entry =
        new PasswdEntry(name, uid, uid, "User of " + name, "/home/" + name, "/bin/bash");
    users.add(entry);
    return entry;
  }

  Directory directory() {
    return (Directory)
        Proxy.newProxyInstance(
            UserdbFixture.class.getClassLoader(),
            new Class<?>[] {Directory.class},
            (proxy, method, arguments) -> {
              if (broken) {
                throw new IllegalStateException("broken");
              }
              if (arguments.length == 2 && arguments[1] instanceof Duration budget) {
                if (budget.compareTo(Duration.ofMillis(100)) > 0) {
                  throw new AssertionError("Nobody may be held up for " + budget);
                }
                if (instead != null) {
                  return instead;
                }
              }
              return switch (method.getName()) {
                case "userByName" -> answer(byName((String) arguments[0]));
                case "userById" -> answer(byUid((Long) arguments[0]));
                case "groupByName" -> answer(group((String) arguments[0]));
                case "groupById" -> answer(group((Long) arguments[0]));
                case "account" -> byUid((Long) arguments[0]).map(UserdbFixture::account);
                case "shownGroupsOf" -> shownGroupsOf((AccountName) arguments[0]);
                case "signsInToLocal" -> mapped.contains(((AccountName) arguments[0]).local());
                default -> throw new UnsupportedOperationException(method.getName());
              };
            });
  }

  private static <T> LookupAnswer<T> answer(Optional<T> entry) {
    return entry
        .<LookupAnswer<T>>map(LookupAnswer.Found::new)
        .orElseGet(LookupAnswer.NotFound::new);
  }

  private Optional<PasswdEntry> byName(String name) {
    String local = name.endsWith("@" + DOMAIN) ? name.substring(0, name.indexOf('@')) : name;
    return users.stream().filter(entry -> entry.name().equals(local)).findFirst();
  }

  private Optional<PasswdEntry> byUid(long uid) {
    return users.stream().filter(entry -> entry.uid() == uid).findFirst();
  }

  /** As the API promises: a user private group by name, others by object id only. */
  private Optional<GroupEntry> group(String name) {
    return name.equals(DATENGRUPPE)
        ? groups.stream().findFirst()
        : byName(name).map(UserdbFixture::own);
  }

  private Optional<GroupEntry> group(long gid) {
    return groups.stream()
        .filter(entry -> entry.gid() == gid)
        .findFirst()
        .or(() -> byUid(gid).map(UserdbFixture::own));
  }

  private static GroupEntry own(PasswdEntry entry) {
    return new GroupEntry(entry.name(), entry.uid(), List.of(entry.name()));
  }

  private List<UUID> shownGroupsOf(AccountName name) {
    if (name.local().equals("joiner")) {
      return IntStream.range(0, joined)
          .mapToObj(i -> new UUID(0x4000, Long.MIN_VALUE + i))
          .toList();
    }
    return groups.get(0).members().contains(name.local())
        ? List.of(UUID.fromString(DATENGRUPPE))
        : List.of();
  }

  private static Account account(PasswdEntry entry) {
    return new Account(
        new AccountName(entry.name(), DOMAIN),
        Optional.empty(),
        entry,
        "/home/",
        entry.name(),
        List.of(),
        List.of());
  }
}
