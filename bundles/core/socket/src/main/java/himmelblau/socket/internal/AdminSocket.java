package himmelblau.socket.internal;

import himmelblau.api.status.Endpoint;
import himmelblau.api.tasks.RootTasks;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The admin socket, in the directory of the sign-in socket. Any bundle may register commands. */
@Component(
    immediate = true,
    service = Endpoint.class,
    property = Endpoint.NAME + "=admin",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AdminSocket implements Endpoint {
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable RootTasks tasks;

  private final ConfiguredListener configured;

  @Activate
  public AdminSocket(
      BundleContext context, SocketOptions options, @Reference CommandService commands) {
    configured =
        new ConfiguredListener(
            "admin",
            "rw-rw-rw-",
            PeerLimits.TERMINAL,
            new AdminDispatch(commands.runner(), new LoginUids(() -> Optional.ofNullable(tasks))));
    configured.open(beside(options), context);
  }

  @Modified
  void modified(SocketOptions options) {
    configured.move(beside(options));
  }

  private static Path beside(SocketOptions options) {
    return Path.of(options.socket_path()).resolveSibling("admin");
  }

  @Override
  public String path() {
    return configured.path();
  }

  @Deactivate
  void close() {
    configured.close();
  }
}
