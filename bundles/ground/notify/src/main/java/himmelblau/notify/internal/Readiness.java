package himmelblau.notify.internal;

import com.sun.jna.LastErrorException;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.Log;
import himmelblau.api.login.SignInService;
import himmelblau.api.status.Endpoint;
import himmelblau.api.status.Outage;
import himmelblau.api.status.Preparing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Reports when the daemon is ready: users can sign in, or the reason why they cannot is known. In
 * the latter case the boot of the host must not wait; lookups and {@code aad-tool} work already. In
 * the former, a short time is allowed for domains that are still preparing, so that a user who
 * signs in right after the start is known. A sign-in service that is replaced later is not
 * reported: a service manager treats {@code STOPPING} as final and kills the remaining processes.
 */
@Component(
    service = {},
    immediate = true)
public final class Readiness {
  private static final Log LOG = Log.of(Readiness.class);
  private static final Duration LEAST = Duration.ofMillis(300);
  private static final Duration MOST = Duration.ofSeconds(6);

  private final Notifier notifier;
  private final Bundle framework;
  private final List<ServiceRegistration<Runnable>> reloads;
  private final String path;
  private final DomainPreparation prepared = new DomainPreparation();
  private final Thread announcer = Thread.ofVirtual().name("readiness").unstarted(this::announce);
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean outage;

  @Activate
  public Readiness(
      BundleContext context,
      @Reference(target = "(himmelblau.endpoint=signin)") Endpoint signIn,
      @Reference(target = "(himmelblau.endpoint=lookup)") Endpoint lookUp,
      @Reference(target = "(himmelblau.endpoint=admin)") Endpoint admin) {
    framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    path = signIn.path();
    notifier =
        Notifier.fromEnvironment(
            System.getenv(), new LookupProbe(Path.of(lookUp.path()), Duration.ofSeconds(10)));
    reloads = ReloadNotice.register(context, notifier);
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void setSignIns(SignInService service) {
    begin();
  }

  void unsetSignIns(SignInService service) {
    // its successor will come
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void setOutage(Outage reason) {
    outage = true;
    begin();
  }

  void unsetOutage(Outage reason) {
    // ready is ready
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      announcer.start();
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addDomain(DomainProvider domain) {
    prepared.domainAdded();
  }

  void removeDomain(DomainProvider domain) {
    // once there, it was there
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addPreparing(Preparing preparing) {
    prepared.begun();
  }

  void removePreparing(Preparing preparing) {
    prepared.done();
  }

  private void announce() {
    try {
      if (!outage) {
        prepared.await(patience());
      }
      notifier.ready();
    } catch (InterruptedException stop) {
      return;
    } catch (LastErrorException | IllegalArgumentException e) {
      LOG.warn("notify.failed", "reason", e.getMessage());
    }
    LOG.info(
        outage ? "daemon.ready_without_sign_in" : "daemon.ready",
        "milliseconds",
        ProcessAge.now().toMillis(),
        "socket",
        path);
  }

  /** As long as the start has taken: a slow machine prepares slowly, too. */
  private static Duration patience() {
    Duration taken = ProcessAge.now();
    return taken.compareTo(LEAST) < 0 ? LEAST : taken.compareTo(MOST) > 0 ? MOST : taken;
  }

  @Deactivate
  void stop() {
    announcer.interrupt();
    reloads.forEach(ServiceRegistration::unregister);
    if (framework.getState() == Bundle.STOPPING) {
      notifier.close();
    } else {
      notifier.fallSilent(); // a socket moves; its successor continues
    }
    LOG.info("daemon.not_ready");
  }
}
