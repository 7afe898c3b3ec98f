package himmelblau.notify.internal;

import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Sends the notifications for {@code Type=notify-reload} at the beginning and end of each reload
 * (systemd.service(5)): the launcher runs the services of a SIGHUP in the order of their ranking;
 * this one is the first and the last.
 */
final class ReloadNotice {
  private ReloadNotice() {}

  static List<ServiceRegistration<Runnable>> register(BundleContext context, Notifier notifier) {
    return List.of(
        context.registerService(Runnable.class, notifier::reloading, properties(Integer.MAX_VALUE)),
        context.registerService(Runnable.class, notifier::reloaded, properties(Integer.MIN_VALUE)));
  }

  private static Dictionary<String, ?> properties(int ranking) {
    return FrameworkUtil.asDictionary(
        Map.of("himmelblau.reload", true, Constants.SERVICE_RANKING, ranking));
  }
}
