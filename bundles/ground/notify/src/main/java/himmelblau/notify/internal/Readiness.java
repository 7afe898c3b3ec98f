package himmelblau.notify.internal;

import com.sun.jna.LastErrorException;
import himmelblau.api.log.Log;
import himmelblau.api.login.SignInService;
import himmelblau.api.status.Endpoint;
import java.time.Duration;
import java.time.Instant;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Alive exactly while people can sign in; says so. */
@Component(
    service = {},
    immediate = true)
public final class Readiness {
  private static final Log LOG = Log.of(Readiness.class);

  private final Notifier notifier;

  @Activate
  public Readiness(
      @Reference(target = "(himmelblau.endpoint=signin)") Endpoint signIn,
      @Reference(target = "(himmelblau.endpoint=lookup)") Endpoint lookUp,
      @Reference(target = "(himmelblau.endpoint=admin)") Endpoint admin,
      @Reference SignInService service) {
    notifier = Notifier.fromEnvironment(System.getenv());
    try {
      notifier.ready();
    } catch (LastErrorException | IllegalArgumentException e) {
      LOG.warn("notify.failed", "reason", e.getMessage());
    }
    LOG.info(
        "daemon.ready",
        "milliseconds",
        ProcessHandle.current()
            .info()
            .startInstant()
            .map(start -> Duration.between(start, Instant.now()).toMillis()),
        "socket",
        signIn.path());
  }

  @Deactivate
  void stop() {
    notifier.close();
    LOG.info("daemon.not_ready");
  }
}
