package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.LookupMap;
import himmelblau.api.domain.AccountStatus;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.plugin.PluginRank;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.lookup.DirectoryService;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.DomainSettings.HomeName;
import himmelblau.directory.internal.options.GlobalSettings;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import himmelblau.directory.internal.store.DirectoryTables;
import himmelblau.testing.doubles.SqliteArea;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A directory in which the test plays all other parts. */
public final class DirectoryFixture implements AutoCloseable {
  public static final String DOMAIN = "0pndv.onmicrosoft.com";

  /** Of lookups that get their answer: longer than the slowest machine needs. */
  public static final Duration BUDGET = Duration.ofSeconds(20);

  public final Path etc;
  public final Map<String, DirectoryUser> cloud = new ConcurrentHashMap<>();
  public final Map<UUID, Group> cloudGroups = new ConcurrentHashMap<>();

  /** What the directory tells without the user; empty without a right to read it. */
  public volatile Optional<List<Group>> memberships = Optional.empty();

  /** Whether the directory tells which accounts exist. */
  public volatile boolean confirmsNames = true;

  /** What the directory tells of all accounts. */
  public volatile AccountStatus status = AccountStatus.NOT_SAID;

  public final List<String> asked = new CopyOnWriteArrayList<>();
  public final RecordingMap map = new RecordingMap();
  public volatile boolean offline;

  /** How asking for users fails; null: it does not. */
  public volatile DomainUnavailable.@Nullable Kind failure;

  public volatile CountDownLatch hold = new CountDownLatch(0);
  public DirectoryEngine engine;
  private final Path folder;
  private final SqliteArea area;
  private GlobalSettings settings;

  public DirectoryFixture(Path folder) throws Exception {
    this(folder, true);
  }

  /** With what the root helper tells of this host's rules, that is nothing, or without a helper. */
  public DirectoryFixture(Path folder, boolean helper) throws Exception {
    this.folder = folder;
    this.etc = Files.createDirectories(folder.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"),
        "root:x:0:0::/root:/bin/sh\nbroken line\nlocal:x:1500:1500::/:/bin/sh\n");
    Files.writeString(etc.resolve("group"), "root:x:0:\nstaff:x:2000:\n");
    this.settings = settings(Source.NAME, true, Optional.empty());
    this.area = DirectoryTables.in(folder.resolve("db"));
    this.engine = new DirectoryEngine(area, map, settings, etc, Clock.systemUTC());
    if (helper) {
      engine.mentioned(Set.of());
    }
    engine.add(DOMAIN, domain(DOMAIN, IdRange.DEFAULT));
    engine.add(provider(DOMAIN, Optional.of("tenant-1")), PluginRank.of(Map.of()));
  }

  public GlobalSettings settings(Source source, boolean shortNames, Optional<Path> script) {
    return new GlobalSettings(
        List.of(DOMAIN),
        source,
        Optional.empty(),
        new IdRange(2_100_000_000L, 4_200_000_000L),
        shortNames,
        script,
        folder.resolve("etc/user-map"),
        Duration.ofSeconds(300),
        true,
        List.of());
  }

  public static DomainSettings domain(String name, IdRange range) {
    return new DomainSettings(
        name, List.of(), range, "/home/", HomeName.UUID, HomeName.CN, "/bin/bash");
  }

  public DirectoryService directory() {
    return engine.directory();
  }

  /** The options have changed. */
  public void configure(GlobalSettings now) {
    engine.settings(now);
  }

  public void add(Object owner, DomainSettings domain) {
    engine.add(owner, domain);
  }

  public void add(DomainProvider provider) {
    engine.add(provider, PluginRank.of(Map.of()));
  }

  public void add(AccountStatusListener listener) {
    engine.add(listener);
  }

  public void remove(AccountStatusListener listener) {
    engine.remove(listener);
  }

  public void remove(Object owner) {
    engine.remove(owner);
  }

  /** The root helper tells what the rules of this host mention. */
  public void mentioned(Set<String> names) {
    engine.mentioned(names);
  }

  public List<String> troubles() {
    return engine.troubles();
  }

  public void start() {
    engine.start();
  }

  public static AccountName name(String local) {
    return new AccountName(local, DOMAIN);
  }

  public static DirectoryUser user(String local, String id) {
    return user(local, id, PosixAttributes.NONE);
  }

  public static DirectoryUser user(String local, String id, PosixAttributes posix) {
    return new DirectoryUser(
        name(local), Optional.of(UUID.fromString(id)), Optional.of("tenant-1"), "Two, User", posix);
  }

  public static PosixAttributes posix(long uid) {
    return new PosixAttributes(
        OptionalLong.of(uid),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static Group group(String name, String id) {
    return new Group(UUID.fromString(id), name, OptionalLong.empty());
  }

  public DomainProvider provider(String domain, Optional<String> tenant) {
    return provider(domain, () -> tenant);
  }

  public DomainProvider provider(String domain, Supplier<Optional<String>> tenant) {
    return (DomainProvider)
        Proxy.newProxyInstance(
            DirectoryFixture.class.getClassLoader(),
            new Class<?>[] {DomainProvider.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "domain" -> domain;
                  case "aliases" -> List.of();
                  case "confirmsNames" -> confirmsNames;
                  case "tenantId" -> tenant.get();
                  case "find" -> find((AccountName) arguments[0]);
                  case "findWithGroups" ->
                      find((AccountName) arguments[0])
                          .map(user -> new UserWithGroups(user, memberships, status));
                  case "group" -> group((UUID) arguments[0]);
                  case "leave" -> {
                    asked.add("leave " + domain);
                    yield null;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> domain.hashCode();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Optional<DirectoryUser> find(AccountName name) throws Exception {
    asked.add(name.upn());
    hold.await();
    if (offline) {
      throw new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "no network");
    }
    if (failure != null) {
      throw new DomainUnavailable(failure, "as the test wants it");
    }
    return Optional.ofNullable(cloud.get(name.upn()));
  }

  private Optional<Group> group(UUID id) throws Exception {
    asked.add(id.toString());
    hold.await();
    if (offline) {
      throw new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "no network");
    }
    return Optional.ofNullable(cloudGroups.get(id));
  }

  /** The daemon starts again, with what {@code then} says, and finds what was kept. */
  public void restart(GlobalSettings then, DomainSettings... domains) {
    engine.close();
    engine = new DirectoryEngine(area, map, then, etc, Clock.systemUTC());
    for (DomainSettings domain : domains) {
      engine.add(domain.domain(), domain);
      engine.add(
          provider(domain.domain(), Optional.of("tenant of " + domain.domain())),
          PluginRank.of(Map.of()));
    }
    engine.start();
  }

  @Override
  public void close() {
    hold.countDown();
    engine.close();
    area.close();
  }

  /** Remembers what it was told. */
  public static final class RecordingMap implements LookupMap {
    public final List<Change> changes = new CopyOnWriteArrayList<>();
    public final List<Snapshot> published = new CopyOnWriteArrayList<>();
    public volatile boolean damaged;
    public volatile Runnable beforePublish = () -> {};

    @Override
    public void publish(Content content) {
      beforePublish.run();
      List<MappedUser> users = new ArrayList<>();
      List<MappedGroup> groups = new ArrayList<>();
      content.users(users::add);
      content.groups(groups::add);
      damaged = false;
      published.add(new Snapshot(users, groups, new HashMap<>(content.missing())));
    }

    @Override
    public void localNames(Set<String> names) {}

    @Override
    public void merge(Change change) {
      if (damaged) {
        throw new UncheckedIOException(new IOException("damaged"));
      }
      changes.add(change);
    }

    @Override
    public long generation() {
      return changes.size() + published.size();
    }
  }
}
