package himmelblau.socket.internal;

import himmelblau.api.login.SignInService;
import himmelblau.api.login.Translations;
import himmelblau.api.status.Endpoint;
import himmelblau.api.status.Outage;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The sign-in socket. Conversations wait for a sign-in service that is being replaced. */
@Component(
    immediate = true,
    service = Endpoint.class,
    property = Endpoint.NAME + "=signin",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SocketOptions.class)
public final class SignInSocket implements Endpoint {
  /** A sign-in waits ten seconds for the next process, whose start takes some of them. */
  private static final Duration FINISH = Duration.ofSeconds(3);

  private final AwaitedService<SignInService> service = new AwaitedService<>();
  private final AwaitedService<Outage> outage = new AwaitedService<>();
  private final AwaitedService<Translations> translations = new AwaitedService<>();
  private final ConfiguredListener configured;
  private final SignInDispatch dispatch;
  private final BundleContext context;
  private final SynchronousBundleListener stopping = this::stopping;
  private volatile Duration patience;

  @Activate
  public SignInSocket(BundleContext context, SocketOptions options) {
    this.context = context;
    patience = Duration.ofSeconds(options.connection_timeout());
    dispatch =
        new SignInDispatch(
            service, outage, translations, new HostLocale(System.getenv()), () -> patience);
    configured = new ConfiguredListener("signin", "rw-rw-rw-", PeerLimits.USUAL, dispatch);
    configured.open(Path.of(options.socket_path()), context);
    context.addBundleListener(stopping);
  }

  /**
   * The process is about to end, and all services are still there: conversations that wait for
   * nobody come to their end first (decision 0736).
   */
  private void stopping(BundleEvent event) {
    if (event.getType() != BundleEvent.STOPPING
        || event.getBundle().getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
      return;
    }
    configured.withdraw();
    try {
      dispatch.finish(FINISH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Modified
  void modified(SocketOptions options) {
    patience = Duration.ofSeconds(options.connection_timeout());
    configured.move(Path.of(options.socket_path()));
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindService(SignInService service) {
    this.service.set(service);
  }

  void unbindService(SignInService service) {
    this.service.clear(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindOutage(Outage outage) {
    this.outage.set(outage);
  }

  void unbindOutage(Outage outage) {
    this.outage.clear(outage);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindTranslations(Translations translations) {
    this.translations.set(translations);
  }

  void unbindTranslations(Translations translations) {
    this.translations.clear(translations);
  }

  @Override
  public String path() {
    return configured.path();
  }

  @Deactivate
  void close() {
    context.removeBundleListener(stopping);
    configured.close();
  }
}
