package himmelblau.socket.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameBuilder;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The connection of the root helper (docs/protocol/socket.md, section 7): one at a time, the newest
 * wins; tasks run in parallel.
 */
final class HelperLink implements Listener.Handler, RootTasks {
  private static final Log LOG = Log.of(HelperLink.class);

  /** For a helper that is just being restarted, where nothing starts it for a task. */
  private static final Duration RECONNECTS = Duration.ofMillis(250);

  /** For a helper that is started for a task, also on a host that is just booting. */
  private static final Duration STARTS = Duration.ofSeconds(10);

  private final LongPredicate trusted;
  private final HelperDemand demand;
  private final Duration idle;
  private final Duration starts;
  private final OfferedTasks tasks = new OfferedTasks(InstantSource.system());
  private final AtomicLong ids = new AtomicLong();
  private final AwaitedService<Helper> helper = new AwaitedService<>();
  private final AtomicReference<@Nullable Helper> newest = new AtomicReference<>();

  /** Whether the last helper ended because it had nothing to do. */
  private volatile boolean endedIdle;

  /** Whether a helper was waited for in vain; nobody waits long for it until one comes. */
  private volatile boolean missing;

  /**
   * @param trusted which uids may be the helper
   * @param idle after how long without a task a helper is told to end
   */
  HelperLink(LongPredicate trusted, HelperDemand demand, Duration idle) {
    this(trusted, demand, idle, STARTS);
  }

  /**
   * @param starts how long a task waits for a helper that is started for it
   */
  HelperLink(LongPredicate trusted, HelperDemand demand, Duration idle, Duration starts) {
    this.trusted = trusted;
    this.demand = demand;
    this.idle = idle;
    this.starts = starts;
  }

  /** A connected helper and the tasks it works on. */
  private record Helper(
      PeerConnection connection, Map<Long, CompletableFuture<TaskResult>> pending) {}

  @Override
  public void serve(PeerConnection connection) throws IOException {
    if (!trusted.test(connection.peer().uid())) {
      LOG.audit(AuditKind.ADMIN, AuditOutcome.DENIED)
          .warn("helper.refused", "uid", connection.peer().uid(), "pid", connection.peer().pid());
      return;
    }
    Optional<Frame> hello = connection.read(connection.limits().first());
    if (hello.isEmpty()) {
      return;
    }
    List<String> offered = hello(hello.get(), connection);
    Helper self = new Helper(connection, new ConcurrentHashMap<>());
    Helper before = newest.getAndSet(self);
    if (before != null) {
      before.connection().close();
    }
    endedIdle = false;
    missing = false;
    demand.renew();
    helper.set(self);
    tasks.now(offered);
    Thread watch = Thread.ofVirtual().name("task-idle").start(() -> endWhenIdle(self));
    try {
      Optional<Frame> next = connection.read();
      while (next.isPresent()) {
        try (Frame frame = next.get()) {
          heard(frame, self);
        }
        next = connection.read();
      }
    } finally {
      watch.interrupt();
      if (newest.compareAndSet(self, null)) {
        tasks.now(List.of());
      }
      helper.clear(self);
      self.pending().values().forEach(task -> task.complete(lost()));
      LOG.info("helper.gone", "pid", connection.peer().pid());
    }
  }

  /** Tells a helper that has nothing to do to end. Its tasks count as offered from then on, too. */
  private void endWhenIdle(Helper self) {
    try {
      while (!demand.endAfter(idle, () -> letGo(self))) {
        Thread.sleep(idle.dividedBy(8));
      }
      LOG.info("helper.idle", "pid", self.connection().peer().pid());
      self.connection().write(Frame.of(Kind.REST).build());
    } catch (IOException e) {
      LOG.debug("helper.idle_untold", "reason", e); // it has ended already
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void letGo(Helper self) {
    endedIdle = newest.compareAndSet(self, null);
    missing = false; // also if a task gave up waiting just before this helper came
    helper.clear(self);
  }

  private static List<String> hello(Frame frame, PeerConnection connection) throws MalformedFrame {
    try (frame) {
      if (frame.kind() != Kind.HELLO) {
        throw unexpected(frame);
      }
      Fields fields = frame.fields();
      fields.u32();
      List<String> names = names(fields);
      LOG.info("helper.connected", "pid", connection.peer().pid(), "tasks", names);
      return names;
    }
  }

  private void heard(Frame frame, Helper self) throws MalformedFrame {
    Fields fields = frame.fields();
    switch (frame.kind()) {
      case Kind.DONE -> {
        long id = fields.u64();
        Status status = status(fields.u32());
        TaskResult result = new TaskResult(status, fields.text(), values(fields));
        CompletableFuture<TaskResult> task = self.pending().remove(id);
        if (task == null) {
          LOG.info("task.late", "id", id, "status", status, "detail", result.detail());
        } else {
          task.complete(result);
        }
      }
      case Kind.TASKS -> {
        List<String> names = names(fields);
        LOG.info("helper.tasks", "tasks", names);
        if (self.equals(newest.get())) {
          tasks.now(names);
        }
      }
      default -> throw unexpected(frame);
    }
  }

  private static Map<String, byte[]> values(Fields fields) throws MalformedFrame {
    Map<String, byte[]> values = new HashMap<>();
    while (fields.left() > 0) {
      values.put(fields.text(), fields.bytes());
    }
    return values;
  }

  private static Status status(long number) throws MalformedFrame {
    Status[] all = Status.values();
    if (number >= all.length) {
      throw new MalformedFrame(MalformedFrame.Reason.FIELD, "There is no task status " + number);
    }
    return all[(int) number];
  }

  private static MalformedFrame unexpected(Frame frame) {
    return new MalformedFrame(
        MalformedFrame.Reason.FIELD, String.format("Unexpected kind 0x%02x", frame.kind()));
  }

  private static List<String> names(Fields fields) throws MalformedFrame {
    List<String> names = new ArrayList<>();
    while (fields.left() > 0) {
      names.add(fields.text());
    }
    return names;
  }

  @Override
  public List<Offered> offered() {
    return tasks.all();
  }

  @Override
  public boolean connected() {
    return newest.get() != null;
  }

  @Override
  public boolean available() {
    return connected() || endedIdle;
  }

  @Override
  public void prepare() {
    demand.soon();
  }

  @Override
  public TaskResult run(TaskRequest request) {
    demand.begin();
    try {
      Optional<Helper> there = helper.get(demand.starts() && !missing ? starts : RECONNECTS);
      if (there.isEmpty()) {
        missing = true;
        endedIdle = false;
        return absent();
      }
      return run(request, there.get());
    } catch (InterruptedException e) {
      return interrupted();
    } finally {
      demand.done();
    }
  }

  @Override
  public TaskResult watch(TaskRequest request) {
    Helper there = newest.get();
    try {
      return there == null ? absent() : run(request, there);
    } catch (InterruptedException e) {
      return interrupted();
    }
  }

  private static TaskResult absent() {
    return new TaskResult(
        Status.FAILED, "The root helper is not connected; see systemctl status himmelblaud-tasks");
  }

  private static TaskResult interrupted() {
    Thread.currentThread().interrupt();
    return new TaskResult(Status.FAILED, "The caller no longer waits for the task");
  }

  private TaskResult run(TaskRequest request, Helper self) throws InterruptedException {
    long id = ids.incrementAndGet();
    CompletableFuture<TaskResult> task = new CompletableFuture<>();
    self.pending().put(id, task);
    try {
      self.connection().write(frame(id, request));
      if (!self.equals(newest.get())) {
        task.complete(lost()); // it disconnected before it received this task
      }
      return task.get(request.deadline().toNanos(), TimeUnit.NANOSECONDS);
    } catch (IllegalArgumentException e) {
      return new TaskResult(Status.FAILED, "The task is too large for a frame: " + e.getMessage());
    } catch (IOException e) {
      return lost();
    } catch (TimeoutException e) {
      return new TaskResult(Status.TIMED_OUT, "Not finished after " + request.deadline());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // never completed this way
    } finally {
      self.pending().remove(id);
    }
  }

  private static TaskResult lost() {
    return new TaskResult(Status.FAILED, "The root helper disconnected during the task");
  }

  private static Frame frame(long id, TaskRequest request) {
    long milliseconds = Math.clamp(request.deadline().toMillis(), 0L, 0xffffffffL);
    FrameBuilder frame = Frame.of(Kind.TASK).u64(id).text(request.task()).u32(milliseconds);
    request
        .values()
        .forEach(
            (name, value) -> {
              frame.text(name);
              frame.bytes(value);
            });
    return frame.build();
  }
}
