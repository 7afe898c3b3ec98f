package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.LookupMap;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import himmelblau.api.plugin.PluginRank;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Store;
import himmelblau.directory.internal.options.GlobalConfig;
import himmelblau.directory.internal.store.DirectorySchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Registers the directory, and follows configuration, domains and the host's own accounts. */
@Component(
    service = {Directory.class, Trouble.class, MetricSource.class, DirectoryComponent.class},
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DirectoryComponent implements Directory, Trouble, MetricSource {
  private final DirectoryEngine engine;
  private final Bundle own;

  @Activate
  public DirectoryComponent(
      BundleContext context,
      @Reference Store store,
      @Reference LookupMap map,
      GlobalConfig config) {
    this.own = context.getBundle();
    this.engine =
        new DirectoryEngine(
            store.area(DirectorySchema.AREA, DirectorySchema.MIGRATIONS),
            map,
            GlobalConfig.Parser.settings(config),
            Path.of("/etc"),
            Clock.systemUTC());
    engine.start();
  }

  @Modified
  void modified(GlobalConfig config) {
    engine.settings(GlobalConfig.Parser.settings(config));
  }

  @Deactivate
  void deactivate() {
    engine.close();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addProvider(DomainProvider provider, Map<String, Object> properties) {
    engine.add(provider, PluginRank.of(properties));
  }

  void removeProvider(DomainProvider provider) {
    engine.remove(provider);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addDomain(ConfiguredDomain options) {
    engine.add(options, options.settings());
  }

  void updatedDomain(ConfiguredDomain options) {
    engine.add(options, options.settings());
  }

  /** The options of this bundle go before the directory does, which sign-ins may still use. */
  void removeDomain(ConfiguredDomain options) {
    if (own.getState() != Bundle.STOPPING) {
      engine.remove(options);
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addStatusListener(AccountStatusListener listener) {
    engine.add(listener);
  }

  void removeStatusListener(AccountStatusListener listener) {
    engine.remove(listener);
  }

  /** For the commands of this bundle. */
  public DirectoryEngine engine() {
    return engine;
  }

  @Override
  public List<Metric> metrics() {
    return engine.directory().metrics();
  }

  @Override
  public List<String> troubles() {
    return engine.troubles();
  }

  @Override
  public LookupAnswer<PasswdEntry> userByName(String name, Duration budget) {
    return engine.directory().userByName(name, budget);
  }

  @Override
  public LookupAnswer<PasswdEntry> userById(long uid, Duration budget) {
    return engine.directory().userById(uid, budget);
  }

  @Override
  public LookupAnswer<GroupEntry> groupByName(String nameOrObjectId, Duration budget) {
    return engine.directory().groupByName(nameOrObjectId, budget);
  }

  @Override
  public LookupAnswer<GroupEntry> groupById(long gid, Duration budget) {
    return engine.directory().groupById(gid, budget);
  }

  @Override
  public LookupAnswer<Gids> groupsOf(String name, Duration budget) {
    return engine.directory().groupsOf(name, budget);
  }

  @Override
  public Optional<AccountName> resolve(String typed) {
    return engine.directory().resolve(typed);
  }

  @Override
  public Optional<Account> account(AccountName name) {
    return engine.directory().account(name);
  }

  @Override
  public Optional<Account> account(long uid) {
    return engine.directory().account(uid);
  }

  @Override
  public List<Account> accounts() {
    return engine.directory().accounts();
  }

  @Override
  public Optional<String> obstacle(AccountName name) {
    return engine.directory().obstacle(name);
  }

  @Override
  public Optional<String> undecided(AccountName name) {
    return engine.directory().undecided(name);
  }

  @Override
  public Account record(DirectoryUser user, Optional<List<Group>> groups) throws DirectoryConflict {
    return engine.directory().record(user, groups);
  }

  @Override
  public List<UUID> groupsOf(AccountName name) {
    return engine.directory().groupsOf(name);
  }

  @Override
  public List<UUID> shownGroupsOf(AccountName name) {
    return engine.directory().shownGroupsOf(name);
  }

  @Override
  public boolean signsInToLocal(AccountName name) {
    return engine.directory().signsInToLocal(name);
  }

  @Override
  public void expire() {
    engine.directory().expire();
  }

  @Override
  public void clear() {
    engine.directory().clear();
  }
}
