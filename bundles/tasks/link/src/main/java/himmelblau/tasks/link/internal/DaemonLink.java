package himmelblau.tasks.link.internal;

import himmelblau.api.log.Log;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameBuilder;
import himmelblau.frames.FrameInput;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** One connection to the daemon (docs/protocol/socket.md, section 7). */
final class DaemonLink implements AutoCloseable {
  private static final Log LOG = Log.of(DaemonLink.class);
  private static final int MOST_AT_ONCE = 64;
  private static final int MOST_DETAIL = 1000;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final SocketChannel channel;
  private final FrameInput input;
  private final FrameOutput output;
  private final TaskRunner runner;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  DaemonLink(SocketChannel channel, TaskRunner runner) {
    this.channel = channel;
    this.input = new FrameInput(channel);
    this.output = new FrameOutput(channel);
    this.runner = runner;
  }

  /** Sends the identity of the helper and its tasks. */
  void hello(Set<String> tasks) throws IOException {
    output.write(list(Frame.of(Kind.HELLO).u32(ProcessHandle.current().pid()), tasks));
  }

  /** Sends the changed list of tasks. */
  void changed(Set<String> tasks) throws IOException {
    output.write(list(Frame.of(Kind.TASKS), tasks));
  }

  private static Frame list(FrameBuilder builder, Set<String> tasks) {
    tasks.forEach(builder::text);
    return builder.build();
  }

  /**
   * Takes tasks until the daemon closes; each runs on a thread of its own.
   *
   * @return whether the daemon said that it has nothing to do
   */
  boolean serve() throws IOException, InterruptedException {
    for (Optional<Frame> next = input.read(); next.isPresent(); next = input.read()) {
      Task task;
      try (Frame frame = next.get()) {
        if (frame.kind() == Kind.REST) {
          return true;
        }
        task = task(frame);
      }
      places.acquire();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  run(task);
                } finally {
                  places.release();
                }
              });
    }
    return false;
  }

  private record Task(long id, TaskRequest request) {}

  private static Task task(Frame frame) throws MalformedFrame {
    if (frame.kind() != Kind.TASK) {
      throw new MalformedFrame(
          MalformedFrame.Reason.FIELD, "The daemon sent a " + frame + ", expected a TASK");
    }
    Fields fields = frame.fields();
    long id = fields.u64();
    String name = fields.text();
    Duration deadline = Duration.ofMillis(fields.u32());
    Map<String, byte[]> values = new HashMap<>();
    while (fields.left() > 0) {
      values.put(fields.text(), fields.bytes());
    }
    return new Task(
        id, new TaskRequest(name, values, deadline.compareTo(LONGEST) > 0 ? LONGEST : deadline));
  }

  private void run(Task task) {
    try {
      TaskResult result = runner.run(task.request());
      output.write(done(task, result));
    } catch (IOException e) {
      LOG.warn("task.answer_lost", "task", task.request().task(), "reason", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      task.request().values().values().forEach(bytes -> Arrays.fill(bytes, (byte) 0)); // tokens
    }
  }

  private static Frame done(Task task, TaskResult result) {
    FrameBuilder frame =
        Frame.of(Kind.DONE)
            .u64(task.id())
            .u32(number(result.status()))
            .text(oneLine(result.detail()));
    result.values().forEach((name, value) -> frame.text(name).bytes(value));
    return frame.build();
  }

  static int number(TaskResult.Status status) {
    return switch (status) {
      case DONE -> 0;
      case REFUSED -> 1;
      case FAILED -> 2;
      case TIMED_OUT -> 3;
      case NO_SUCH_TASK -> 4;
    };
  }

  private static String oneLine(String detail) {
    String line = detail.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= MOST_DETAIL ? line : line.substring(0, MOST_DETAIL) + "…";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
