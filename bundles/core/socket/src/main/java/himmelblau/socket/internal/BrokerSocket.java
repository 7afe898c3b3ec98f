package himmelblau.socket.internal;

import himmelblau.api.sso.BrokerCalls;
import himmelblau.api.status.Endpoint;
import himmelblau.api.status.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The socket of session brokers: single sign-on for the programs of signed-in users. */
@Component(
    immediate = true,
    service = {Endpoint.class, Trouble.class},
    property = Endpoint.NAME + "=broker",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class BrokerSocket implements Endpoint, Trouble {
  private final AwaitedService<BrokerCalls> calls = new AwaitedService<>();
  private final ConfiguredListener configured;
  private volatile Duration patience;
  private volatile List<String> troubles = List.of();

  @Activate
  public BrokerSocket(SocketOptions options) {
    patience = Duration.ofSeconds(options.connection_timeout());
    configured =
        new ConfiguredListener(
            "broker", "rw-rw-rw-", PeerLimits.USUAL, new BrokerDispatch(calls, () -> patience));
    open(Path.of(options.broker_socket_path()));
  }

  @Modified
  void modified(SocketOptions options) {
    patience = Duration.ofSeconds(options.connection_timeout());
    Path path = Path.of(options.broker_socket_path());
    if (configured.path().isEmpty()) {
      open(path);
    } else {
      configured.move(path);
    }
  }

  private void open(Path path) {
    troubles =
        configured
            .openIfPossible(path)
            .map(why -> "programs get no single sign-on (broker_socket_path): " + why)
            .stream()
            .toList();
  }

  @Override
  public List<String> troubles() {
    return troubles;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCalls(BrokerCalls calls) {
    this.calls.set(calls);
  }

  void unbindCalls(BrokerCalls calls) {
    this.calls.clear(calls);
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
