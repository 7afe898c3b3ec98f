package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.LookupMap;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.Log;
import himmelblau.api.plugin.PluginRank;
import himmelblau.api.schedule.Jitter;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.assign.IdReassigner;
import himmelblau.directory.internal.assign.IdRules;
import himmelblau.directory.internal.assign.IdRulesInForce;
import himmelblau.directory.internal.host.HostFiles;
import himmelblau.directory.internal.host.NamesInRules;
import himmelblau.directory.internal.host.RuleNames;
import himmelblau.directory.internal.lookup.AccountFinder;
import himmelblau.directory.internal.lookup.DirectoryService;
import himmelblau.directory.internal.lookup.StatusListeners;
import himmelblau.directory.internal.lookup.UserRefresher;
import himmelblau.directory.internal.map.DirectoryCache;
import himmelblau.directory.internal.map.MissingAccounts;
import himmelblau.directory.internal.names.MappingScript;
import himmelblau.directory.internal.names.ScriptedNames;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.Domains;
import himmelblau.directory.internal.options.GlobalSettings;
import himmelblau.directory.internal.options.RunningProviders;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.setup.HiddenGroups;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.UserTable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Connects the parts of the directory. Changes of the setup (options, domains, local accounts) are
 * collected and applied on one thread: ids are checked against the new rules, and the map is
 * rewritten.
 */
public final class DirectoryEngine implements AutoCloseable {
  private static final Log LOG = Log.of(DirectoryEngine.class);

  private static final Duration TENANTS = Duration.ofMillis(500);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Area area;
  private final LookupMap map;
  private final Path etc;
  private final ScriptedNames scripted;
  private final DirectoryCache cache;
  private final DirectoryService directory;
  private final IdReassigner reassigner;
  private final IdRulesInForce rules;
  private final IdConflicts conflicts;
  private final UserRefresher refresher;
  private final Map<Object, DomainSettings> domains = new LinkedHashMap<>();
  private final StatusListeners statusListeners = new StatusListeners();
  private final RunningProviders providers = new RunningProviders();
  private final LinkedBlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
  private volatile GlobalSettings settings;
  private volatile HostFiles files;
  private volatile DirectorySetup setup;
  private volatile Optional<NamesInRules> mentioned;
  private final List<IdReassigner.Move> moved = new CopyOnWriteArrayList<>();
  private @Nullable List<Object> judgedBy; // guarded by this
  private @Nullable Thread follower;
  private @Nullable Thread sweeping;

  DirectoryEngine(Area area, LookupMap map, GlobalSettings settings, Path etc, Clock clock) {
    this.area = area;
    this.map = map;
    this.etc = etc;
    this.settings = settings;
    this.scripted = new ScriptedNames(area);
    this.rules = new IdRulesInForce(area);
    this.mentioned = RuleNames.read(area);
    this.files = filesOf(settings);
    this.setup = rebuilt();
    MissingAccounts missing = new MissingAccounts(clock);
    this.cache = new DirectoryCache(area, map, missing, this::setup, clock);
    AccountFinder finder = new AccountFinder(cache, statusListeners, clock, Jitter.normal());
    this.directory = new DirectoryService(area, this::setup, cache, finder, missing, clock);
    this.reassigner = new IdReassigner(area);
    this.conflicts = new IdConflicts(area);
    this.refresher = new UserRefresher(area, this::setup, finder, clock);
  }

  /** Begins to follow changes; the first one is the start itself. */
  synchronized void start() {
    changes.add(true);
    follower = Thread.ofVirtual().name("directory-changes").start(this::follow);
    sweeping = Thread.ofVirtual().name("directory-sweeper").start(refresher);
  }

  /** The current setup, with the current accounts of the host, which always take precedence. */
  public DirectorySetup setup() {
    DirectorySetup now = setup;
    HostFiles.State host = files.state();
    return host.equals(now.host())
        ? now
        : DirectorySetup.of(
            now.settings(),
            now.domains(),
            host,
            scripted,
            mentioned,
            this::signedIn); // until the map follows
  }

  public DirectoryService directory() {
    return directory;
  }

  public ScriptedNames scripted() {
    return scripted;
  }

  public Area area() {
    return area;
  }

  public IdConflicts conflicts() {
    return conflicts;
  }

  public List<DomainProvider> providers() {
    return providers.ordered();
  }

  synchronized void settings(GlobalSettings now) {
    boolean moved = !now.userMapFile().equals(settings.userMapFile());
    settings = now;
    refresher.nudge();
    if (moved) {
      files.close();
      files = filesOf(now);
    }
    changed();
  }

  /**
   * Adds a domain, or updates it.
   *
   * @param owner its provider; while it is being replaced there may be two, the later one is used
   */
  synchronized void add(Object owner, DomainSettings domain) {
    domains.put(owner, domain);
    changed();
  }

  synchronized void remove(Object owner) {
    domains.remove(owner);
    changed();
  }

  /**
   * Adds a provider.
   *
   * @param rank of several for one domain, the first is used
   */
  void add(DomainProvider provider, PluginRank rank) {
    providers.add(provider, rank);
    changed();
  }

  void remove(DomainProvider provider) {
    providers.remove(provider);
    changed();
  }

  void add(AccountStatusListener listener) {
    statusListeners.add(listener);
  }

  void remove(AccountStatusListener listener) {
    statusListeners.remove(listener);
  }

  /** What the rules of this host mention, as the root helper tells it. */
  void mentioned(Set<String> names) {
    NamesInRules now = NamesInRules.of(names);
    if (!mentioned.equals(Optional.of(now))) {
      RuleNames.write(area, now.names());
      mentioned = Optional.of(now);
      LOG.info("directory.rule_names", "mentioned", now.names().size());
      changed();
    }
  }

  /** The static ids have changed. */
  public void staticIdsChanged() {
    reassigner.runForStatic(setup);
    directory.expire();
  }

  /** What {@link #reassign} would do. */
  public List<IdReassigner.Move> rehearse() {
    return reassigner.rehearse(built(IdRules.of(settings, latest())));
  }

  /** Assigns the ids that the configuration requires. Returns the changes. */
  public List<IdReassigner.Move> reassign() {
    synchronized (this) {
      rules.adopt(IdRules.of(settings, latest()));
      setup = rebuilt();
    }
    reconsider();
    List<IdReassigner.Move> moves = reassigner.run(setup);
    cache.publish();
    return moves;
  }

  /** The pending change of ids, which an administrator has to apply. */
  public Optional<String> held() {
    return rules.held();
  }

  List<String> troubles() {
    List<String> troubles = new ArrayList<>(setup.domains().refusals());
    held().ifPresent(troubles::add);
    List<IdReassigner.Move> others = List.copyOf(moved);
    if (!others.isEmpty()) {
      troubles.add(
          others.size()
              + " users and groups have other ids since this start of himmelblaud, because the "
              + "configuration requires them, such as "
              + others.getFirst()
              + ". Their files keep the old ones; directory.id-changed in the log names all");
    }
    troubles.addAll(HiddenGroups.inRules(area, setup()));
    troubles.addAll(conflicts.all());
    settings
        .script()
        .flatMap(
            script ->
                MappingScript.obstacle(script)
                    .map(why -> "name_mapping_script " + script + " does not run: " + why))
        .ifPresent(troubles::add);
    return troubles;
  }

  /** The new setup takes effect at once for lookups; the map is updated afterwards. */
  public synchronized void changed() {
    setup = rebuilt();
    changes.add(true);
  }

  private synchronized DirectorySetup rebuilt() {
    return built(rules.choose(IdRules.of(settings, latest())));
  }

  /** The last options of each domain. */
  private synchronized List<DomainSettings> latest() {
    Map<String, DomainSettings> latest = new LinkedHashMap<>();
    domains.values().forEach(domain -> latest.put(domain.domain(), domain));
    return List.copyOf(latest.values());
  }

  private DirectorySetup built(IdRules ids) {
    GlobalSettings now = ids.in(settings);
    return DirectorySetup.of(
        now,
        new Domains(
            now.domains(),
            latest().stream().map(ids::in).toList(),
            providers(),
            providers.tenants(),
            now.subidRange()),
        files.state(),
        scripted,
        mentioned,
        this::signedIn);
  }

  /** Removes recorded conflicts that resulted from other rules or from deleted local accounts. */
  private void reconsider() {
    synchronized (this) {
      List<Object> now = List.of(setup.settings(), latest(), setup.host());
      if (now.equals(judgedBy)) {
        return;
      }
      judgedBy = now;
    }
    conflicts.reconsider();
  }

  private boolean signedIn(AccountName name) {
    return area.read(connection -> UserTable.signedIn(connection, name));
  }

  private HostFiles filesOf(GlobalSettings now) {
    return new HostFiles(
        etc.resolve("passwd"), etc.resolve("group"), now.userMapFile(), this::changed);
  }

  private void follow() {
    try {
      while (true) {
        if (awaited()) {
          Thread.sleep(100); // several come together
          changes.clear();
          apply();
        }
      }
    } catch (InterruptedException stop) {
      // closed
    }
  }

  /**
   * Whether something has changed; a provider does not announce that it has discovered its tenant.
   */
  private boolean awaited() throws InterruptedException {
    if (!setup.domains().undecided()) {
      return changes.take();
    }
    if (changes.poll(TENANTS.toMillis(), TimeUnit.MILLISECONDS) != null) {
      return true;
    }
    providers.askTenants();
    return !Set.copyOf(rebuilt().domains().refusals())
        .equals(Set.copyOf(setup.domains().refusals()));
  }

  private void apply() {
    try {
      providers.askTenants();
      synchronized (this) {
        setup = rebuilt();
      }
      nameLocalAccounts();
      boolean undecided = setup.domains().undecided();
      for (String why : setup.domains().refusals()) {
        if (undecided) {
          LOG.warn("directory.domain_refused", "reason", why, "until", "its tenant is known");
        } else {
          LOG.error("directory.domain_refused", null, "reason", why);
        }
      }
      if (everyDomainIsHere()) {
        reconsider();
        reassignAtStart();
        cache.publish();
      }
    } catch (RuntimeException e) {
      LOG.error("directory.change_failed", e);
    }
  }

  /** The local accounts of the user map; the PAM module ignores all other local accounts. */
  private void nameLocalAccounts() {
    try {
      map.localNames(setup.host().userMap().upns().keySet());
    } catch (UncheckedIOException logged) {
      // the previous names stay in effect
    }
  }

  /** At a start the configured rules take effect; the changes are logged. */
  private void reassignAtStart() {
    synchronized (this) {
      if (!rules.begun()) {
        rules.adopt(IdRules.of(settings, latest()));
      }
    }
    moved.addAll(reassigner.run(setup));
  }

  /**
   * While domains are still being registered, their users must not be checked or removed from the
   * map.
   */
  private boolean everyDomainIsHere() {
    return setup.settings().domains().stream()
        .allMatch(domain -> setup.domains().named(domain).isPresent());
  }

  /**
   * Stops following changes. Waits for one that is being applied, so that it cannot overwrite what
   * a successor with other options publishes.
   */
  @Override
  public void close() {
    List<Thread> running;
    synchronized (this) {
      files.close();
      running = Stream.of(follower, sweeping).flatMap(Stream::ofNullable).toList();
    }
    running.forEach(Thread::interrupt);
    try {
      for (Thread thread : running) {
        thread.join(LONGEST_CLOSE); // not under the lock, which a change needs
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
