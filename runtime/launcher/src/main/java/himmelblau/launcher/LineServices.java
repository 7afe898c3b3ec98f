package himmelblau.launcher;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Hands log lines to each service {@code java.util.function.Consumer} with the property {@code
 * himmelblau.log.lines}, as long as it is registered ({@link LineListeners}).
 */
final class LineServices implements ServiceListener {
  static final String FILTER =
      "(&(objectClass=java.util.function.Consumer)(himmelblau.log.lines=true))";

  private final BundleContext context;
  private final LineListeners lines;
  private final Map<ServiceReference<?>, Consumer<String>> listening = new ConcurrentHashMap<>();

  LineServices(BundleContext context, LineListeners lines) {
    this.context = context;
    this.lines = lines;
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    switch (event.getType()) {
      case ServiceEvent.REGISTERED -> begin(event.getServiceReference());
      case ServiceEvent.UNREGISTERING -> end(event.getServiceReference());
      default -> {}
    }
  }

  @SuppressWarnings("unchecked") // who has the property takes lines
  private void begin(ServiceReference<?> reference) {
    @Nullable Object service = context.getService(reference);
    if (service instanceof Consumer<?> consumer) {
      Consumer<String> listener = (Consumer<String>) consumer;
      listening.put(reference, listener);
      lines.add(listener);
    }
  }

  private void end(ServiceReference<?> reference) {
    Consumer<String> listener = listening.remove(reference);
    if (listener != null) {
      lines.remove(listener);
      context.ungetService(reference);
    }
  }
}
