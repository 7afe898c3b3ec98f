package himmelblau.shell.internal;

import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.RootTasks.Offered;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The tasks of the root helper: bundles of another process, of which only the names are known. */
final class OfferedRows {
  private OfferedRows() {}

  static List<Plugin> rows(BundleContext context) {
    @Nullable ServiceReference<RootTasks> reference = context.getServiceReference(RootTasks.class);
    if (reference == null) {
      return List.of();
    }
    @Nullable RootTasks tasks = context.getService(reference);
    try {
      return tasks == null
          ? List.of()
          : tasks.offered().stream().map(task -> row(task, tasks.available())).toList();
    } finally {
      context.ungetService(reference);
    }
  }

  private static Plugin row(Offered task, boolean helper) {
    String why = helper ? "the root helper has no such task now" : "the root helper is not there";
    return new Plugin(
        "task",
        task.name(),
        task.available() ? Plugin.ACTIVE : "waits",
        "himmelblaud_tasks",
        "-",
        task.since(),
        task.available() ? "" : why,
        Optional.empty());
  }
}
