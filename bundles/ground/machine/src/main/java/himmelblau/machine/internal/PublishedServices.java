package himmelblau.machine.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.hsm.Machine;
import himmelblau.api.log.Log;
import himmelblau.api.metrics.MetricSource;
import himmelblau.api.status.Outage;
import himmelblau.api.store.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Registers the services that other bundles wait for when the machine key has been opened for the
 * first time.
 */
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"himmelblau.api.hsm.Machine\"")
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"himmelblau.api.store.Vault\"")
final class PublishedServices implements MachineService.Publisher {
  private static final Log LOG = Log.of(PublishedServices.class);
  private static final Outage CLOSED =
      () ->
          "Authentication service unavailable: the keys of this computer cannot be opened. The "
              + "command \"aad-tool status\" tells the administrator why and what to do.";

  private final BundleContext context;
  private final KeyStoreTimes times = new KeyStoreTimes();
  private final List<ServiceRegistration<?>> commands = new ArrayList<>();
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
  private @Nullable ServiceRegistration<?> outage;
  private boolean published;
  private boolean withdrawn;

  PublishedServices(BundleContext context) {
    this.context = context;
  }

  /** Commands are there from the start, so that they can say why the machine key is not open. */
  synchronized void commands(MachineService service) {
    for (Command command : Command.all(service)) {
      commands.add(
          context.registerService(
              AdminCommand.class,
              command,
              FrameworkUtil.asDictionary(Map.of(AdminCommand.COMMAND, command.words()))));
    }
    commands.add(
        context.registerService(
            ExplainStep.class,
            new KeyStoreStep(service),
            FrameworkUtil.asDictionary(
                Map.of(
                    ExplainStep.STEP, KeyStoreStep.NAME,
                    ExplainStep.ORDER, KeyStoreStep.PLACE))));
    commands.add(context.registerService(MetricSource.class, times, null));
  }

  /**
   * Idempotent. Registers without the lock: in that call others are started, and who stops this
   * bundle may hold what they wait for.
   */
  @Override
  public void publish(SwitchableMachine machine, Vault vault) {
    synchronized (this) {
      endOutage();
      if (published || withdrawn) {
        return;
      }
      published = true;
    }
    try {
      keep(context.registerService(Machine.class, new MeasuredMachine(machine, times), null));
      keep(context.registerService(Vault.class, vault, null));
    } catch (IllegalStateException e) {
      LOG.debug("machine.not_published", "why", e.getMessage()); // the bundle has just stopped
    }
  }

  private void keep(ServiceRegistration<?> registration) {
    synchronized (this) {
      if (!withdrawn) {
        registrations.add(registration);
        return;
      }
    }
    registration.unregister();
  }

  @Override
  public synchronized void refuse() {
    if (!published && !withdrawn && outage == null) {
      outage = context.registerService(Outage.class, CLOSED, null);
    }
  }

  private void endOutage() {
    ServiceRegistration<?> over = outage;
    outage = null;
    if (over != null) {
      over.unregister();
    }
  }

  @Override
  public void withdraw() {
    List<ServiceRegistration<?>> all;
    synchronized (this) {
      withdrawn = true;
      endOutage();
      all = new ArrayList<>(registrations);
      all.addAll(commands);
      registrations.clear();
      commands.clear();
    }
    all.forEach(ServiceRegistration::unregister);
  }
}
