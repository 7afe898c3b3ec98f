package himmelblau.socket.internal;

import himmelblau.api.directory.Directory;
import himmelblau.api.status.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
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

/** The lookup socket, in the directory of the sign-in socket. */
@Component(
    immediate = true,
    service = Endpoint.class,
    property = Endpoint.NAME + "=lookup",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LookupSocket implements Endpoint {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final AwaitedService<Directory> directory = new AwaitedService<>();
  private final ConfiguredListener configured =
      new ConfiguredListener(
          "lookup", "rw-rw-rw-", PeerLimits.USUAL, new LookupDispatch(directory, IDLE));

  @Activate
  public LookupSocket(BundleContext context, SocketOptions options) {
    configured.open(beside(options), context);
  }

  @Modified
  void modified(SocketOptions options) {
    configured.move(beside(options));
  }

  private static Path beside(SocketOptions options) {
    return Path.of(options.socket_path()).resolveSibling("lookup");
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindDirectory(Directory directory) {
    this.directory.set(directory);
  }

  void unbindDirectory(Directory directory) {
    this.directory.clear(directory);
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
