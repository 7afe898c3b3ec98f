package himmelblau.socket.internal;

import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import himmelblau.api.status.Endpoint;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.frames.PeerCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;

/** The task socket, which offers the tasks of the root helper to the daemon. */
@Component(
    immediate = true,
    service = {RootTasks.class, Endpoint.class, MetricSource.class},
    property = Endpoint.NAME + "=task",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TaskSocket implements Endpoint, RootTasks, MetricSource {
  private final Histogram time =
      new Histogram(
          "himmelblau_root_task_seconds",
          "Time of tasks of the root helper, as the daemon waits for them",
          "task",
          "status");

  /** In seconds; tests cannot wait as long as a host does. */
  private static final Duration IDLE =
      Duration.ofSeconds(Long.getLong("himmelblau.helper.idle", 120));

  private final HelperLink helper =
      new HelperLink(
          uid -> uid == 0 || uid == PeerCredentials.own(),
          new HelperDemand(Optional.ofNullable(System.getenv("RUNTIME_DIRECTORY")).map(Path::of)),
          IDLE);
  private final ConfiguredListener configured =
      new ConfiguredListener("task", "rw-------", PeerLimits.USUAL, helper);

  @Activate
  public TaskSocket(BundleContext context, SocketOptions options) {
    configured.open(Path.of(options.task_socket_path()), context);
  }

  @Modified
  void modified(SocketOptions options) {
    configured.move(Path.of(options.task_socket_path()));
  }

  @Override
  public TaskResult run(TaskRequest request) {
    long begun = System.nanoTime();
    TaskResult result = helper.run(request);
    time.since(begun, request.task(), result.status().name().toLowerCase(Locale.ROOT));
    return result;
  }

  @Override
  public TaskResult watch(TaskRequest request) {
    return helper.watch(request);
  }

  @Override
  public void prepare() {
    helper.prepare();
  }

  @Override
  public boolean available() {
    return helper.available();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(time.metric());
  }

  @Override
  public List<Offered> offered() {
    return helper.offered();
  }

  @Override
  public boolean connected() {
    return helper.connected();
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
