package himmelblau.notify.internal;

import com.sun.jna.LastErrorException;
import himmelblau.api.log.Log;
import himmelblau.api.status.Endpoint;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Reports readiness of the root helper once the daemon has accepted it. */
@Component(
    service = {},
    immediate = true)
public final class HelperReadiness {
  private static final Log LOG = Log.of(HelperReadiness.class);

  /** Its threads run; whether the daemon answers is the daemon's watchdog's business. */
  private final Notifier notifier = Notifier.fromEnvironment(System.getenv(), () -> true);

  @Activate
  public HelperReadiness(@Reference(target = "(himmelblau.endpoint=helper)") Endpoint link) {
    try {
      notifier.ready();
    } catch (LastErrorException | IllegalArgumentException e) {
      LOG.warn("notify.failed", "reason", e.getMessage());
    }
    LOG.info("helper.ready", "daemon", link.path());
  }

  @Deactivate
  void stop() {
    notifier.close();
  }
}
