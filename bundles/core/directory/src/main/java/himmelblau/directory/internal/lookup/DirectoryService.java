package himmelblau.directory.internal.lookup;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.metrics.Metric;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.assign.IdAssigner;
import himmelblau.directory.internal.assign.IdCollisions;
import himmelblau.directory.internal.assign.UserRecorder;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.lookup.LookupCounter.Source;
import himmelblau.directory.internal.map.DirectoryCache;
import himmelblau.directory.internal.map.MapContent;
import himmelblau.directory.internal.map.MissingAccounts;
import himmelblau.directory.internal.names.ObjectIds;
import himmelblau.directory.internal.options.GlobalSettings;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.setup.HostEntries;
import himmelblau.directory.internal.store.FormerIds;
import himmelblau.directory.internal.store.GroupTable;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.StaticIds;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers lookups from the cache; asks a domain only about names that are not cached. */
public final class DirectoryService implements Directory {
  /** Part of the budget that is kept for writing and sending the answer. */
  private static final Duration MARGIN = Duration.ofMillis(30);

  private final Area area;
  private final Supplier<DirectorySetup> setup;
  private final DirectoryCache cache;
  private final AccountFinder finder;
  private final GroupFinder groupFinder;
  private final MissingAccounts missing;
  private final IdConflicts conflicts;
  private final UnconfirmedNames unconfirmed;
  private final QueryLimit queryLimit = new QueryLimit(System::nanoTime);
  private final Clock clock;
  private final LookupCounter lookups = new LookupCounter();

  public DirectoryService(
      Area area,
      Supplier<DirectorySetup> setup,
      DirectoryCache cache,
      AccountFinder finder,
      MissingAccounts missing,
      Clock clock) {
    this.area = area;
    this.setup = setup;
    this.cache = cache;
    this.finder = finder;
    this.groupFinder = new GroupFinder(cache, clock);
    this.missing = missing;
    this.conflicts = new IdConflicts(area);
    this.unconfirmed = new UnconfirmedNames(area, clock);
    this.clock = clock;
  }

  @Override
  public LookupAnswer<PasswdEntry> userByName(String name, Duration budget) {
    HostEntries entries = new HostEntries(setup.get());
    return map(user(name, budget), entries::passwd);
  }

  @Override
  public LookupAnswer<PasswdEntry> userById(long uid, Duration budget) {
    HostEntries entries = new HostEntries(setup.get());
    return lookups.counted(
        Source.CACHE,
        shown(byUid(uid), entries)
            .map(entries::passwd)
            .<LookupAnswer<PasswdEntry>>map(LookupAnswer.Found::new)
            .orElseGet(LookupAnswer.NotFound::new));
  }

  @Override
  public LookupAnswer<GroupEntry> groupByName(String nameOrObjectId, Duration budget) {
    HostEntries entries = new HostEntries(setup.get());
    Optional<UUID> objectId = ObjectIds.parse(nameOrObjectId);
    Optional<GroupEntry> found;
    Source source = Source.CACHE;
    if (objectId.isPresent()) {
      Optional<StoredGroup> kept = area.read(c -> GroupTable.byObjectId(c, objectId.get()));
      if (kept.isEmpty()) {
        source = Source.DIRECTORY;
        AccountFinder.Verdict verdict =
            groupFinder.find(
                setup.get().domains().providers(), objectId.get(), budget.minus(MARGIN));
        if (verdict == AccountFinder.Verdict.LATER) {
          return lookups.counted(source, new LookupAnswer.TryAgain<>());
        }
        kept = area.read(c -> GroupTable.byObjectId(c, objectId.get()));
      }
      found =
          mapped(kept, entries)
              .filter(
                  group ->
                      group.namedById() || !group.entry().name().equalsIgnoreCase(nameOrObjectId))
              .map(MappedGroup::entry);
    } else {
      found =
          setup
              .get()
              .names()
              .resolve(nameOrObjectId)
              .filter(name -> !setup.get().names().givesRights(nameOrObjectId))
              .flatMap(name -> shown(byName(name), entries))
              .filter(entries::hasPrivateGroup)
              .map(entries::privateGroup);
    }
    return lookups.counted(
        source,
        found
            .<LookupAnswer<GroupEntry>>map(LookupAnswer.Found::new)
            .orElseGet(LookupAnswer.NotFound::new));
  }

  @Override
  public LookupAnswer<GroupEntry> groupById(long gid, Duration budget) {
    HostEntries entries = new HostEntries(setup.get());
    return lookups.counted(
        Source.CACHE,
        mapped(area.read(c -> GroupTable.byGid(c, gid)), entries)
            .map(MappedGroup::entry)
            .or(
                () ->
                    shown(byUid(gid), entries)
                        .filter(entries::hasPrivateGroup)
                        .map(entries::privateGroup))
            .<LookupAnswer<GroupEntry>>map(LookupAnswer.Found::new)
            .orElseGet(LookupAnswer.NotFound::new));
  }

  @Override
  public LookupAnswer<Gids> groupsOf(String name, Duration budget) {
    MapContent content = new MapContent(area, setup.get(), Map.of());
    return map(
        user(name, budget),
        user -> new Gids(user.gid(), area.read(connection -> content.gidsOf(connection, user))));
  }

  /** For {@code aad-tool metrics}. */
  public List<Metric> metrics() {
    return List.of(lookups.metric());
  }

  @Override
  public Optional<AccountName> resolve(String typed) {
    return setup.get().names().resolve(typed);
  }

  @Override
  public Optional<Account> account(AccountName name) {
    return account(byName(name));
  }

  @Override
  public Optional<Account> account(long uid) {
    return account(byUid(uid));
  }

  private Optional<Account> account(Optional<StoredUser> user) {
    HostEntries entries = new HostEntries(setup.get());
    return shown(user, entries)
        .map(found -> entries.account(found, area.read(c -> GroupTable.idsOf(c, found.id()))));
  }

  @Override
  public List<Account> accounts() {
    HostEntries entries = new HostEntries(setup.get());
    List<StoredUser> users = new ArrayList<>();
    area.read(
        connection -> {
          UserTable.each(connection, users::add);
          return true;
        });
    return users.stream()
        .filter(user -> entries.obstacle(user).isEmpty())
        .map(user -> entries.account(user, area.read(c -> GroupTable.idsOf(c, user.id()))))
        .toList();
  }

  @Override
  public Optional<String> obstacle(AccountName name) {
    DirectorySetup now = setup.get();
    HostEntries entries = new HostEntries(now);
    Optional<StoredUser> known = byName(name);
    return now.domains()
        .refusal(name)
        .or(() -> now.names().isMapped(name) ? Optional.empty() : entries.obstacle(name))
        .or(() -> conflicts.of(name))
        .or(() -> known.flatMap(entries::obstacle))
        .or(() -> known.isPresent() ? Optional.empty() : foreseen(now, name));
  }

  @Override
  public Optional<String> undecided(AccountName name) {
    Optional<StoredUser> user = byName(name);
    return user.filter(known -> known.basis().startsWith("provisional:"))
        .map(
            known ->
                "uid "
                    + known.uid()
                    + " is provisional until "
                    + name
                    + " has signed in (id_attr_map = rfc2307)")
        .or(() -> user.flatMap(this::perhapsAnother));
  }

  /** A name of which only the existence is known may belong to a new account. */
  private Optional<String> perhapsAnother(StoredUser user) {
    if (user.objectId().isPresent()) {
      return Optional.empty();
    }
    return area.read(
            connection ->
                StaticIds.user(connection, user.name()).isPresent()
                    ? Optional.<UUID>empty()
                    : FormerIds.ownerOf(connection, user.name(), user.uid()))
        .map(
            before ->
                "uid "
                    + user.uid()
                    + " was that of the account with object id "
                    + before
                    + "; until "
                    + user.name()
                    + " has signed in it is not known whether this is another account");
  }

  /** What would prevent a user who has never signed in here. */
  private Optional<String> foreseen(DirectorySetup now, AccountName name) {
    if (now.settings().idSource() != GlobalSettings.Source.NAME) {
      return Optional.empty(); // the directory's attributes decide
    }
    DirectoryUser user = DirectoryUser.provisional(name);
    return area.read(
        connection -> {
          try {
            AssignedIds ids = new IdAssigner(now).user(connection, user);
            new IdCollisions(connection, now, false).check(user, ids, 0);
            return Optional.<String>empty();
          } catch (DirectoryConflict e) {
            return Optional.of(String.valueOf(e.getMessage()));
          }
        });
  }

  @Override
  public Account record(DirectoryUser user, Optional<List<Group>> groups) throws DirectoryConflict {
    UserRecorder.Changed changed = cache.signedIn(user, groups);
    return new HostEntries(setup.get()).account(changed.user(), changed.groups());
  }

  @Override
  public List<UUID> groupsOf(AccountName name) {
    return byName(name)
        .map(user -> area.read(connection -> GroupTable.idsOf(connection, user.id())))
        .orElseGet(List::of);
  }

  @Override
  public List<UUID> shownGroupsOf(AccountName name) {
    HostEntries entries = new HostEntries(setup.get());
    return byName(name)
        .map(user -> area.read(connection -> GroupTable.granted(connection, user.id())))
        .orElseGet(List::of)
        .stream()
        .filter(entries::visible)
        .map(StoredGroup::objectId)
        .toList();
  }

  @Override
  public boolean signsInToLocal(AccountName name) {
    return setup.get().names().isMapped(name);
  }

  @Override
  public void expire() {
    finder.forgetPauses();
    groupFinder.forget();
    cache.expire();
  }

  @Override
  public void clear() {
    cache.clear();
  }

  /**
   * Finds a user by the name that a program gave; asks the directory at most once, within the
   * budget.
   */
  private LookupAnswer<StoredUser> user(String typed, Duration budget) {
    DirectorySetup now = setup.get();
    HostEntries entries = new HostEntries(now);
    Optional<AccountName> name = now.names().resolve(typed);
    if (name.isEmpty() || now.domains().refusal(name.get()).isPresent()) {
      return lookups.counted(Source.CACHE, new LookupAnswer.NotFound<>());
    }
    Optional<StoredUser> kept = byName(name.get());
    Optional<DomainProvider> provider = now.domains().provider(name.get());
    if (kept.isPresent()) {
      Instant time = clock.instant();
      Instant refreshed = kept.get().refreshed();
      boolean stale =
          refreshed.plus(now.settings().cacheTimeout()).isBefore(time) || refreshed.isAfter(time);
      if (stale && provider.isPresent()) {
        Thread.ofVirtual().start(() -> finder.refresh(provider.get(), name.get()));
      }
      return lookups.counted(Source.CACHE, answer(shown(kept, entries)));
    }
    if (missing.has(name.get()) || obstacle(name.get()).isPresent()) {
      return lookups.counted(Source.CACHE, new LookupAnswer.NotFound<>());
    }
    if (provider.isEmpty()) {
      return lookups.counted(Source.CACHE, new LookupAnswer.TryAgain<>());
    }
    if (!provider.get().confirmsNames()) {
      // A short name may be one that a package is about to give a local account.
      Optional<StoredUser> entry =
          typed.equalsIgnoreCase(name.get().upn())
              ? unconfirmed.entry(now, name.get())
              : Optional.empty();
      return lookups.counted(Source.CACHE, answer(shown(entry, entries)));
    }
    if (!finder.asking(name.get()) && !queryLimit.take()) {
      return lookups.counted(Source.CACHE, new LookupAnswer.TryAgain<>());
    }
    LookupAnswer<StoredUser> answer =
        switch (finder.find(provider.get(), name.get(), budget.minus(MARGIN))) {
          case KNOWN -> answer(shown(byName(name.get()), entries));
          case ABSENT -> new LookupAnswer.NotFound<>();
          case LATER -> new LookupAnswer.TryAgain<>();
        };
    return lookups.counted(Source.DIRECTORY, answer);
  }

  private static LookupAnswer<StoredUser> answer(Optional<StoredUser> user) {
    return user.<LookupAnswer<StoredUser>>map(LookupAnswer.Found::new)
        .orElseGet(LookupAnswer.NotFound::new);
  }

  private static <A, B> LookupAnswer<B> map(LookupAnswer<A> answer, Function<A, B> with) {
    return switch (answer) {
      case LookupAnswer.Found<A> found -> new LookupAnswer.Found<>(with.apply(found.value()));
      case LookupAnswer.NotFound<A> none -> new LookupAnswer.NotFound<>();
      case LookupAnswer.TryAgain<A> later -> new LookupAnswer.TryAgain<>();
      case LookupAnswer.Unavailable<A> broken -> new LookupAnswer.Unavailable<>();
    };
  }

  private static Optional<StoredUser> shown(Optional<StoredUser> user, HostEntries entries) {
    return user.filter(found -> entries.obstacle(found).isEmpty());
  }

  private Optional<MappedGroup> mapped(Optional<StoredGroup> group, HostEntries entries) {
    return group
        .filter(entries::visible)
        .map(
            found -> {
              MapContent content = new MapContent(area, setup.get(), Map.of());
              return area.read(connection -> content.mapped(connection, found));
            });
  }

  private Optional<StoredUser> byName(AccountName name) {
    return area.read(connection -> UserTable.byName(connection, name));
  }

  private Optional<StoredUser> byUid(long uid) {
    return area.read(connection -> UserTable.byUid(connection, uid));
  }
}
