package himmelblau.machine.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.hsm.Machine;
import himmelblau.api.store.Area;
import himmelblau.api.store.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * The services that others wait for: they appear when the machine key is open for the first time.
 */
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"himmelblau.api.hsm.Machine\"")
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"himmelblau.api.store.Vault\"")
final class PublishedServices implements MachineService.Publisher {
  private final BundleContext context;
  private final Area area;
  private final List<ServiceRegistration<?>> commands = new ArrayList<>();
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

  PublishedServices(BundleContext context, Area area) {
    this.context = context;
    this.area = area;
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
  public synchronized void publish(LastingMachine machine) {
    if (registrations.isEmpty()) {
      registrations.add(context.registerService(Machine.class, machine, null));
      registrations.add(context.registerService(Vault.class, new SqlVault(area, machine), null));
    }
  }

  @Override
  public synchronized void withdraw() {
    registrations.forEach(ServiceRegistration::unregister);
    registrations.clear();
    commands.forEach(ServiceRegistration::unregister);
    commands.clear();
  }
}
