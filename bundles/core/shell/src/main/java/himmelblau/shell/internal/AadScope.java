package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminCommands;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The commands of aad-tool in the scope {@code aad} of the shell, each as long as its bundle is
 * there. Gogo knows names without blanks only: {@code aad:idmap} takes {@code check} as its first
 * argument.
 */
@Component(service = AadScope.class, immediate = true)
public final class AadScope {
  static final String SCOPE = "aad";
  private static final String SHELL = "shell"; // no session within a session

  private final BundleContext context;
  private final AdminCommands commands;
  private final Map<String, Set<ServiceReference<?>>> services = new HashMap<>();
  private final Map<String, ServiceRegistration<?>> registered = new HashMap<>();
  private boolean stopped;

  @Activate
  public AadScope(BundleContext context, @Reference AdminCommands commands) {
    this.context = context;
    this.commands = commands;
  }

  /** Whether a command, as {@code scope:name}, is one of these. */
  static boolean has(String command) {
    return command.startsWith(SCOPE + ":");
  }

  @Reference(
      service = AdminCommand.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  synchronized void bindCommand(ServiceReference<AdminCommand> command) {
    String word = word(command);
    if (stopped || word.isEmpty() || word.equals(SHELL)) {
      return;
    }
    services.computeIfAbsent(word, first -> new HashSet<>()).add(command);
    registered.computeIfAbsent(
        word,
        first ->
            context.registerService(
                Function.class,
                new AadFunction(first, commands),
                FrameworkUtil.asDictionary(
                    Map.of("osgi.command.scope", SCOPE, "osgi.command.function", first))));
  }

  synchronized void unbindCommand(ServiceReference<AdminCommand> command) {
    String word = word(command);
    Set<ServiceReference<?>> left = services.getOrDefault(word, new HashSet<>());
    left.remove(command);
    if (left.isEmpty()) {
      services.remove(word);
      ServiceRegistration<?> gone = registered.remove(word);
      if (gone != null) {
        gone.unregister();
      }
    }
  }

  @Deactivate
  synchronized void close() {
    stopped = true;
    registered.values().forEach(ServiceRegistration::unregister);
    registered.clear();
    services.clear();
  }

  private static String word(ServiceReference<?> command) {
    return command.getProperty(AdminCommand.COMMAND) instanceof String name
        ? name.strip().split("\\s+", 2)[0]
        : "";
  }
}
