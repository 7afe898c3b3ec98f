package himmelblau.tasks.link.internal;

import himmelblau.api.log.Log;
import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a task within its deadline, whatever the handler does. Thread-safe. */
final class TaskRunner {
  private static final Log LOG = Log.of(TaskRunner.class);

  private final TaskHandlers handlers;

  TaskRunner(TaskHandlers handlers) {
    this.handlers = handlers;
  }

  /** Waits for the result, at most for the deadline; the handler is interrupted then. */
  TaskResult run(TaskRequest request) throws InterruptedException {
    Optional<TaskHandler> handler = handlers.of(request.task());
    if (handler.isEmpty()) {
      return new TaskResult(
          Status.NO_SUCH_TASK, "No bundle of the helper handles " + request.task());
    }
    FutureTask<TaskResult> work = new FutureTask<>(() -> handler.get().run(request));
    Thread thread = Thread.ofVirtual().name("task-" + request.task()).start(work);
    TaskResult result;
    try {
      result = work.get(request.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      result = new TaskResult(Status.TIMED_OUT, "Not finished within " + request.deadline());
    } catch (ExecutionException e) {
      LOG.error("task.broken", e.getCause(), "task", request.task());
      result = new TaskResult(Status.FAILED, "The handler failed: " + e.getCause());
    } finally {
      thread.interrupt();
    }
    if (result.done()) {
      LOG.info("task.done", "task", request.task(), "what", result.detail());
    } else {
      LOG.warn(
          "task." + result.status().name().toLowerCase(java.util.Locale.ROOT),
          "task",
          request.task(),
          "why",
          result.detail());
    }
    return result;
  }
}
