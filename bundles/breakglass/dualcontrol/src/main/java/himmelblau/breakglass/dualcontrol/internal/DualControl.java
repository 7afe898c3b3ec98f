package himmelblau.breakglass.dualcontrol.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.status.Notice;
import himmelblau.api.store.Area;
import himmelblau.api.store.Store;
import himmelblau.breakglass.dualcontrol.internal.RequestTable.Request;
import himmelblau.breakglass.window.BootClock;
import himmelblau.breakglass.window.BreakglassWindow;
import himmelblau.breakglass.window.DirectoryWatch;
import himmelblau.breakglass.window.EndTime;
import himmelblau.breakglass.window.Ttl;
import himmelblau.breakglass.window.WindowTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Breakglass that two different administrators activate, who both run {@code aad-tool
 * offline-breakglass} within ten minutes (decision 0745). One alone can end it.
 */
@Component(
    service = {BreakglassPolicy.class, AdminCommand.class, Notice.class},
    configurationPid = "himmelblau.breakglass",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    property = {
      "service.ranking:Integer=100", // in the place of breakglass.manual
      BreakglassPolicy.TRIGGER + "=offline-breakglass",
      AdminCommand.COMMAND + "=offline-breakglass",
      AdminCommand.SUMMARY + "=Let users in with their cached password, if two administrators ask"
    })
public final class DualControl implements BreakglassPolicy, AdminCommand, Notice {
  static final String AREA = "dualcontrol";
  static final List<String> MIGRATIONS =
      List.of(WindowTable.migration(AREA), RequestTable.MIGRATION);

  private static final Log LOG = Log.of(DualControl.class);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(15);
  private static final String HELP =
      """
      Usage: aad-tool offline-breakglass [--ttl TIME]
      Let users in with their cached password while the network is down, if two administrators ask.
      For root only.

        -d, --debug             accepted; for details see the log of himmelblaud
        -h, --help              this text
            --ttl TIME          how long: seconds, or with m, h or d, such as 90m; 0 ends
                                it; without: ttl of [offline_breakglass]

      Two administrators must run it on this host within ten minutes, each signed in with an
      account of their own. It is then active for the shorter of the two times. One is enough to
      end it.""";

  private final BreakglassWindow window;
  private final PendingRequest request;
  private final DirectoryWatch watch;
  private final RequestExpiry expiry;
  private final List<DomainProvider> domains = new CopyOnWriteArrayList<>();
  private volatile Config config;

  /** Options of {@code [offline_breakglass]}, which the bundle breakglass.manual declares. */
  @ObjectClassDefinition(name = "Offline breakglass by two administrators")
  public @interface Config {
    @AttributeDefinition(description = "Whether breakglass can be used at all")
    boolean enabled();

    @AttributeDefinition(description = "Duration of an activation in seconds")
    long ttl();
  }

  @Activate
  public DualControl(Config config, @Reference Store store) {
    this(config, store.area(AREA, MIGRATIONS), BootClock.KERNEL, BETWEEN_QUESTIONS);
  }

  DualControl(Config config, Area area, BootClock clock, Duration betweenQuestions) {
    this.config = config;
    window = new BreakglassWindow(new WindowTable(area, AREA), clock);
    request = new PendingRequest(new RequestTable(area), clock);
    watch = new DirectoryWatch(window, () -> domains, betweenQuestions);
    expiry = new RequestExpiry(request);
    endIfDisabled();
    watch.begin(); // both may be there since before a restart
    expiry.begin();
  }

  /** What is disabled must not be active when it is enabled again. */
  private void endIfDisabled() {
    if (!config.enabled()) {
      end("it was disabled");
    }
  }

  /**
   * A restart of the daemon changes nothing; stopping, updating or removing the bundle ends all.
   */
  @Deactivate
  void deactivate(BundleContext context) {
    close();
    boolean daemonStops =
        context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
    if (context.getBundle().getState() == Bundle.STOPPING && !daemonStops) {
      end("the policy was removed");
    }
  }

  void close() {
    watch.close();
    expiry.close();
  }

  private void end(String why) {
    request.withdraw(why);
    window.close(why);
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
  public void disconnected() {
    window.outage();
  }

  @Override
  public void reconnected() {
    window.reconnected();
  }

  @Override
  public void superseded() {
    end("another policy is in use");
  }

  @Override
  public List<String> notices() {
    if (!config.enabled()) {
      return List.of();
    }
    Stream<String> waiting =
        request.waiting().stream()
            .map(
                asked ->
                    "The administrator with the login uid "
                        + asked.admin()
                        + " has asked for breakglass. "
                        + missing(asked));
    return Stream.concat(window.notice().stream(), waiting).toList();
  }

  private String missing(Request asked) {
    return "For it to become active, a second administrator, with another account, must run"
        + " aad-tool offline-breakglass on this host before "
        + EndTime.of(request.left(asked).orElse(Duration.ZERO))
        + ".";
  }

  @Override
  public String help() {
    return HELP;
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
    if (length.get().isZero()) {
      end("by hand");
      return 0;
    }
    if (!config.enabled()) {
      LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.DENIED)
          .warn("breakglass.refused", "why", "it is disabled");
      terminal.err("Breakglass is disabled: set enabled = true in [offline_breakglass].");
      return 1;
    }
    return ask(length.get(), terminal);
  }

  private int ask(Duration length, AdminTerminal terminal) throws ConversationClosed {
    long admin;
    try {
      admin = Administrator.of(terminal);
    } catch (UnknownLoginUid e) {
      LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.DENIED)
          .warn("breakglass.refused", "why", e.reason());
      terminal.err("Refused, nothing was recorded: it is not known who you are. " + e.reason());
      return 1;
    }
    Optional<Request> first = request.ask(admin, length);
    if (first.isPresent()) {
      activate(first.get(), admin, length, terminal);
      return 0;
    }
    expiry.begin();
    Optional<Request> own = request.waiting();
    if (own.isPresent()) {
      terminal.err(
          "Your request (login uid "
              + admin
              + ") is recorded. It activates nothing yet. "
              + missing(own.get())
              + " If you ask again yourself, that changes only the time.");
    }
    return 1;
  }

  private void activate(Request first, long admin, Duration length, AdminTerminal terminal)
      throws ConversationClosed {
    Duration agreed = length.compareTo(first.length()) < 0 ? length : first.length();
    LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.SUCCESS)
        .warn(
            "breakglass.approved",
            "login_uid",
            admin,
            "requested_by",
            first.admin(),
            "seconds",
            agreed.toSeconds());
    window.open(agreed);
    watch.begin();
    terminal.out(
        "Breakglass is active until "
            + EndTime.of(agreed)
            + ": the administrators with the login uids "
            + first.admin()
            + " and "
            + admin
            + " have asked for it.");
  }
}
