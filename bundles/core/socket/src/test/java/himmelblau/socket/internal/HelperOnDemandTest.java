package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The helper runs while there is something to do. */
@Timeout(60)
class HelperOnDemandTest {
  private static final Duration IDLE = Duration.ofMillis(300);
  private static final TaskRequest HOME = new TaskRequest("home", Map.of(), Duration.ofSeconds(20));

  @TempDir Path folder;
  private Path path;
  private Path wanted;
  private Listener listener;
  private HelperLink link;

  @BeforeEach
  void setUp() throws Exception {
    wanted = folder.resolve("helper-wanted");
    serve(Optional.of(folder), Duration.ofSeconds(30));
  }

  private void serve(Optional<Path> runtimeDirectory, Duration starts) throws Exception {
    path = folder.resolve("task_sock");
    link = new HelperLink(uid -> true, new HelperDemand(runtimeDirectory), IDLE, starts);
    listener = Listener.open("task", path, "rw-------", PeerLimits.USUAL, link);
  }

  @AfterEach
  void tearDown() throws Exception {
    listener.close();
    Await.until("all threads end", () -> Await.threads("task") == 0);
  }

  private Client helper() throws Exception {
    Client helper = new Client(path);
    helper.send(Frame.of(Kind.HELLO).u32(4711).text("home").build());
    Await.until("the helper is known", link::connected);
    return helper;
  }

  private CompletableFuture<TaskResult> run() {
    return CompletableFuture.supplyAsync(() -> link.run(HOME), Thread::startVirtualThread);
  }

  private static void finish(Client helper) throws Exception {
    long id = helper.expect(Kind.TASK).fields().u64();
    helper.send(Frame.of(Kind.DONE).u64(id).u32(0).text("").build());
  }

  @Test
  void aTaskStartsItAndWaitsForIt() throws Exception {
    CompletableFuture<TaskResult> result = run();
    Await.until("it is wanted", () -> Files.exists(wanted));
    Thread.sleep(400); // longer than anybody waits for a helper that nothing starts
    assertFalse(result.isDone());
    try (Client helper = helper()) {
      finish(helper);
      assertTrue(result.get(10, TimeUnit.SECONDS).done());
    }
  }

  @Test
  void theAnnouncementOfATaskStartsIt() throws Exception {
    link.prepare();
    assertTrue(Files.exists(wanted));
  }

  @Test
  void itEndsWhenThereIsNothingToDoAndItsTasksStayOffered() throws Exception {
    link.prepare();
    long before = Await.threads("task");
    try (Client helper = helper()) {
      helper.expect(Kind.REST);
      assertFalse(Files.exists(wanted));
      assertFalse(link.connected());
      assertTrue(link.available());
    }
    Await.until("its connection has ended", () -> Await.threads("task") == before);
    assertTrue(link.available());
    assertEquals(List.of(true), link.offered().stream().map(task -> task.available()).toList());
  }

  @Test
  void oneThatNobodyWantedStaysAWhile() throws Exception {
    Thread.sleep(IDLE);
    long begun = System.nanoTime();
    try (Client helper = helper()) {
      helper.expect(Kind.REST);
      assertTrue(System.nanoTime() - begun >= IDLE.toNanos());
    }
  }

  @Test
  void itDoesNotEndDuringATask() throws Exception {
    try (Client helper = helper()) {
      CompletableFuture<TaskResult> result = run();
      long id = helper.expect(Kind.TASK).fields().u64();
      Thread.sleep(IDLE.multipliedBy(3));
      assertTrue(link.connected());
      assertTrue(Files.exists(wanted));
      helper.send(Frame.of(Kind.DONE).u64(id).u32(0).text("").build());
      assertTrue(result.get(10, TimeUnit.SECONDS).done());
      helper.expect(Kind.REST);
    }
  }

  @Test
  void aTaskThatComesWhileItEndsGoesToTheNextOne() throws Exception {
    try (Client helper = helper()) {
      helper.expect(Kind.REST);
      CompletableFuture<TaskResult> result = run(); // the old one is still connected
      Await.until("it is wanted again", () -> Files.exists(wanted));
      try (Client next = helper()) {
        finish(next);
        assertTrue(result.get(10, TimeUnit.SECONDS).done());
      }
    }
  }

  @Test
  void watchingNeitherStartsItNorKeepsIt() throws Exception {
    assertEquals(Status.FAILED, link.watch(HOME).status());
    assertFalse(Files.exists(wanted));
    link.prepare();
    try (Client helper = helper()) {
      CompletableFuture<TaskResult> result =
          CompletableFuture.supplyAsync(() -> link.watch(HOME), Thread::startVirtualThread);
      helper.expect(Kind.TASK);
      helper.expect(Kind.REST);
      helper.close();
      assertEquals(Status.FAILED, result.get(10, TimeUnit.SECONDS).status());
    }
  }

  @Test
  void aHelperThatDoesNotComeIsWaitedForOnce() throws Exception {
    listener.close();
    serve(Optional.of(folder), Duration.ofSeconds(2));
    long begun = System.nanoTime();
    assertEquals(Status.FAILED, link.run(HOME).status());
    long first = System.nanoTime() - begun;
    assertEquals(Status.FAILED, link.run(HOME).status());
    long second = System.nanoTime() - begun - first;
    assertTrue(second < first / 2, first + " and then " + second + " ns");
    assertFalse(link.available());
    try (Client helper = helper()) { // the next task waits again
      helper.expect(Kind.REST);
    }
    assertTrue(link.available());
  }

  @Test
  void whereNothingStartsItItDoesNotEnd() throws Exception {
    listener.close();
    serve(Optional.empty(), Duration.ofSeconds(2));
    try (Client helper = helper()) {
      Thread.sleep(IDLE.multipliedBy(3));
      assertTrue(link.connected());
      CompletableFuture<TaskResult> result = run();
      finish(helper); // no REST came before it
      assertTrue(result.get(10, TimeUnit.SECONDS).done());
    }
  }
}
