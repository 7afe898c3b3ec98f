package himmelblau.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.StoreException;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names in rules are known although the root helper runs only when it is needed. */
@Timeout(60)
class RuleNamesFollowerTest {
  private static final Duration SOON = Duration.ofMillis(10);

  private final BlockingQueue<Set<String>> told = new LinkedBlockingQueue<>();
  private final Helper helper = new Helper();
  private volatile boolean full;
  private RuleNamesFollower follower;

  private final class Helper implements RootTasks {
    private final BlockingQueue<TaskResult> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> known = new LinkedBlockingQueue<>();
    private volatile CountDownLatch starts = new CountDownLatch(1);
    private volatile boolean connected;

    @Override
    public TaskResult run(TaskRequest request) {
      throw new AssertionError("it would keep the helper running");
    }

    @Override
    public TaskResult watch(TaskRequest request) {
      known.add(new String(request.values().get("known"), UTF_8));
      try {
        return answers.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TaskResult(TaskResult.Status.FAILED, "stopped");
      }
    }

    @Override
    public void prepare() {
      starts.countDown();
    }

    @Override
    public boolean connected() {
      return connected;
    }

    @Override
    public boolean available() {
      return true;
    }

    private void tell(String names, String digest) {
      answers.add(
          new TaskResult(
              TaskResult.Status.DONE,
              "",
              Map.of("names", names.getBytes(UTF_8), "digest", digest.getBytes(UTF_8))));
    }
  }

  private void follow(Duration atLeast) {
    follower = new RuleNamesFollower(this::take, helper, SOON, atLeast);
  }

  private void take(Set<String> names) {
    if (full) {
      full = false;
      throw new StoreException("no space left", new IllegalStateException());
    }
    told.add(names);
  }

  @AfterEach
  void stop() {
    follower.stop();
  }

  @Test
  void theHelperIsStartedToTellThemAtFirst() throws Exception {
    follow(Duration.ofHours(1));
    assertTrue(helper.starts.await(30, TimeUnit.SECONDS));
  }

  @Test
  void andNowAndThenForRulesThatNothingWatches() throws Exception {
    follow(Duration.ofMillis(50));
    helper.starts = new CountDownLatch(3);
    assertTrue(helper.starts.await(30, TimeUnit.SECONDS));
  }

  @Test
  void whatItTellsIsTakenOverAndAskedForAnew() throws Exception {
    helper.connected = true;
    helper.tell("wheel\nops people\n", "digest-1");
    follow(Duration.ofHours(1));
    assertEquals(Set.of("wheel", "ops people"), told.poll(30, TimeUnit.SECONDS));
    assertEquals("", helper.known.poll(30, TimeUnit.SECONDS));
    assertEquals("digest-1", helper.known.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void whatCannotBeStoredIsAskedForAgain() throws Exception {
    helper.connected = true;
    full = true;
    helper.tell("wheel\n", "digest-1");
    helper.tell("wheel\n", "digest-1");
    follow(Duration.ofHours(1));
    assertEquals(Set.of("wheel"), told.poll(30, TimeUnit.SECONDS));
    assertEquals("", helper.known.poll(30, TimeUnit.SECONDS));
    assertEquals("", helper.known.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void aHelperThatEndsMeanwhileChangesNothing() throws Exception {
    helper.connected = true;
    helper.tell("wheel\n", "digest-1");
    follow(Duration.ofHours(1));
    assertEquals(Set.of("wheel"), told.poll(30, TimeUnit.SECONDS));
    helper.answers.add(new TaskResult(TaskResult.Status.FAILED, "it has ended"));
    helper.tell("wheel\nnew\n", "digest-2"); // of the next one
    assertEquals(Set.of("wheel", "new"), told.poll(30, TimeUnit.SECONDS));
  }
}
