package himmelblau.tasks.link.internal;

import himmelblau.api.log.Log;
import himmelblau.api.status.Endpoint;
import himmelblau.api.tasks.TaskHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Connects the handlers of this framework to the daemon. */
@Component(
    service = {},
    immediate = true,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LinkComponent {
  private static final Log LOG = Log.of(LinkComponent.class);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** For bundles that start after this one, and for their configuration. */
  private static final Duration STARTS = Duration.ofSeconds(2);

  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Task link")
  @interface Config {
    @AttributeDefinition(description = "Socket on which the daemon accepts the root helper")
    String task_socket_path() default "/var/run/himmelblaud/task_sock";
  }

  private final TaskHandlers handlers = new TaskHandlers();
  private final AtomicBoolean announced = new AtomicBoolean();
  private final BundleContext context;
  private DaemonReconnector reconnector;

  @Activate
  public LinkComponent(Config config, BundleContext context) {
    this.context = context;
    this.reconnector = reconnector(config);
  }

  private DaemonReconnector reconnector(Config config) {
    return new DaemonReconnector(
            Path.of(config.task_socket_path()),
            handlers,
            BETWEEN,
            this::awaitHandlers,
            this::announce,
            this::end)
        .start();
  }

  /** A daemon that waits for the helper sends its task at once. */
  private void awaitHandlers() throws InterruptedException {
    handlers.await(DeclaredHandlers.count(context), STARTS);
  }

  /** From the first connection on the helper counts as ready; the framework withdraws it. */
  private void announce() {
    if (announced.compareAndSet(false, true)) {
      Endpoint endpoint = reconnector.socket()::toString;
      context.registerService(
          Endpoint.class, endpoint, FrameworkUtil.asDictionary(Map.of(Endpoint.NAME, "helper")));
    }
  }

  /** The process ends with its framework; systemd starts it for the next task. */
  private void end() {
    try {
      context.getBundle(Constants.SYSTEM_BUNDLE_ID).stop();
    } catch (BundleException e) {
      LOG.error("link.not_ended", e);
    }
  }

  @Modified
  synchronized void modified(Config config) throws IOException {
    if (!reconnector.socket().equals(Path.of(config.task_socket_path()))) {
      reconnector.close();
      reconnector = reconnector(config);
    }
  }

  @Deactivate
  synchronized void deactivate() throws IOException {
    reconnector.close();
  }

  @Reference(
      service = TaskHandler.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  synchronized void bindHandler(TaskHandler handler, Map<String, Object> properties) {
    if (properties.get(TaskHandler.TASK) instanceof String task) {
      handlers.add(task, handler);
      reconnector.changed();
    } else {
      LOG.warn("handler.ignored", "class", handler.getClass(), "reason", "no " + TaskHandler.TASK);
    }
  }

  synchronized void unbindHandler(TaskHandler handler, Map<String, Object> properties) {
    if (properties.get(TaskHandler.TASK) instanceof String task) {
      handlers.remove(task, handler);
      reconnector.changed();
    }
  }
}
