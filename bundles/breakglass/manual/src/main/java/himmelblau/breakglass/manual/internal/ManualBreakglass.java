package himmelblau.breakglass.manual.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.status.Notice;
import himmelblau.api.store.Store;
import himmelblau.breakglass.window.BootClock;
import himmelblau.breakglass.window.BreakglassWindow;
import himmelblau.breakglass.window.DirectoryWatch;
import himmelblau.breakglass.window.Ttl;
import himmelblau.breakglass.window.WindowTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Breakglass that root activates with {@code aad-tool offline-breakglass} (host-behaviour 7.6). */
@Component(
    service = {BreakglassPolicy.class, AdminCommand.class, Notice.class},
    configurationPid = "himmelblau.breakglass",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    property = {
      BreakglassPolicy.TRIGGER + "=offline-breakglass",
      AdminCommand.COMMAND + "=offline-breakglass"
    })
@Designate(ocd = ManualBreakglass.Config.class)
public final class ManualBreakglass implements BreakglassPolicy, AdminCommand, Notice {
  private static final Log LOG = Log.of(ManualBreakglass.class);
  static final String AREA = "breakglass";
  static final List<String> MIGRATIONS = List.of(WindowTable.migration(AREA));
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(15);

  private final BreakglassWindow window;
  private final DirectoryWatch watch;
  private final List<DomainProvider> domains = new CopyOnWriteArrayList<>();
  private volatile Config config;

  /** Options of {@code [offline_breakglass]}; defaults are in OSGI-INF/himmelblau.options. */
  @ObjectClassDefinition(name = "Offline breakglass")
  public @interface Config {
    @AttributeDefinition(
        description =
            "Keep password verifiers of multi-factor users, so that breakglass can be used")
    boolean enabled();

    @AttributeDefinition(description = "Duration of an activation in seconds")
    long ttl();
  }

  @Activate
  public ManualBreakglass(Config config, @Reference Store store) {
    this(
        config,
        new BreakglassWindow(
            new WindowTable(store.area(AREA, MIGRATIONS), AREA), BootClock.KERNEL));
  }

  ManualBreakglass(Config config, BreakglassWindow window) {
    this(config, window, BETWEEN_QUESTIONS);
  }

  ManualBreakglass(Config config, BreakglassWindow window, Duration betweenQuestions) {
    this.config = config;
    this.window = window;
    watch = new DirectoryWatch(window, () -> domains, betweenQuestions);
    endIfDisabled();
    watch.begin(); // the window may be open since before a restart
  }

  /** What is disabled must not be active when it is enabled again. */
  private void endIfDisabled() {
    if (!config.enabled()) {
      window.close("it was disabled");
    }
  }

  @Deactivate
  void deactivate() {
    watch.close();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addDomain(DomainProvider domain) {
    domains.add(domain);
  }

  void removeDomain(DomainProvider domain) {
    domains.remove(domain);
  }

  @Modified
  void modified(Config changed) {
    config = changed;
    endIfDisabled();
  }

  @Override
  public boolean keepVerifiers() {
    return config.enabled();
  }

  @Override
  public boolean active(AccountName name) {
    return config.enabled() && window.left().isPresent();
  }

  @Override
  public Optional<Instant> until() {
    return config.enabled() ? window.until() : Optional.empty();
  }

  @Override
  public List<String> notices() {
    return config.enabled() ? window.notice().stream().toList() : List.of();
  }

  @Override
  public void disconnected() {
    window.outage();
  }

  @Override
  public void reconnected() {
    window.reconnected();
  }

  @Override
  public void superseded() {
    window.close("another policy is in use");
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "offline-breakglass");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    Optional<String> typed = Ttl.argument(arguments);
    if (typed.isEmpty() && !arguments.isEmpty()) {
      terminal.err(help());
      return 2;
    }
    Optional<Duration> length =
        typed.isPresent()
            ? Ttl.parse(typed.get())
            : Optional.of(Duration.ofSeconds(Math.max(0, config.ttl())));
    if (length.isEmpty()) {
      terminal.err("\"" + typed.orElse("") + "\" is not a duration. Examples: 45, 90m, 2h, 1d.");
      return 1;
    }
    if (!config.enabled()) {
      LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.DENIED)
          .warn("breakglass.refused", "why", "it is disabled");
      terminal.err("Breakglass is disabled: set enabled = true in [offline_breakglass].");
      return 0;
    }
    window.open(length.get());
    watch.begin();
    return 0;
  }
}
