package himmelblau.machine.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.hsm.Machine;
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
  private static final Outage CLOSED =
      () ->
          "Authentication service unavailable: the keys of this computer cannot be opened. The "
              + "command \"aad-tool status\" tells the administrator why and what to do.";

  private final BundleContext context;
  private final List<ServiceRegistration<?>> commands = new ArrayList<>();
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
  private @Nullable ServiceRegistration<?> outage;

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
              FrameworkUtil.asDictionary(
                  Map.of(
                      AdminCommand.COMMAND, command.words(),
                      AdminCommand.SUMMARY, command.summary()))));
    }
  }

  /** Idempotent. */
  @Override
  public synchronized void publish(SwitchableMachine machine, Vault vault) {
    if (registrations.isEmpty()) {
      registrations.add(context.registerService(Machine.class, machine, null));
      registrations.add(context.registerService(Vault.class, vault, null));
    }
    endOutage();
  }

  @Override
  public synchronized void refuse() {
    if (registrations.isEmpty() && outage == null) {
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
  public synchronized void withdraw() {
    endOutage();
    registrations.forEach(ServiceRegistration::unregister);
    registrations.clear();
    commands.forEach(ServiceRegistration::unregister);
    commands.clear();
  }
}
