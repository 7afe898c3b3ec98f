package himmelblau.notify.internal;

import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Frames each reload with what {@code Type=notify-reload} wants to hear (systemd.service(5)): the
 * launcher runs the services of a SIGHUP by their ranking, ours first and last.
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
