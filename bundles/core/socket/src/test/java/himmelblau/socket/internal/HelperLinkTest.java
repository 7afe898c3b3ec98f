package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.RootTasks.Offered;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HelperLinkTest {
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  @TempDir Path folder;
  private Path path;
  private Listener listener;
  private volatile boolean trusted = true;
  private final HelperLink link =
      new HelperLink(uid -> trusted, new HelperDemand(Optional.empty()), Duration.ofMinutes(1));

  @BeforeEach
  void setUp() throws Exception {
    path = folder.resolve("task_sock");
    listener = Listener.open("task", path, "rw-------", PeerLimits.USUAL, link);
  }

  @AfterEach
  void tearDown() throws Exception {
    listener.close();
    Await.until("all threads end", () -> Await.threads("task") == 0);
    assertFalse(link.connected());
  }

  private Client helper() throws Exception {
    Client helper = new Client(path);
    helper.send(Frame.of(Kind.HELLO).u32(4711).text("home").text("groups").build());
    Await.until("the helper is known", link::connected);
    return helper;
  }

  private CompletableFuture<TaskResult> run(String task, Duration deadline) {
    byte[] value = "773235643".getBytes(StandardCharsets.UTF_8);
    TaskRequest request = new TaskRequest(task, Map.of("uid", value), deadline);
    return CompletableFuture.supplyAsync(() -> link.run(request), VIRTUAL);
  }

  private static Frame done(long id, long status, String text) {
    return Frame.of(Kind.DONE).u64(id).u32(status).text(text).build();
  }

  private static long task(Client helper, String name) throws IOException {
    Fields fields = helper.expect(Kind.TASK).fields();
    long id = fields.u64();
    assertEquals(name, fields.text());
    assertEquals(10_000, fields.u32());
    assertEquals("uid", fields.text());
    assertEquals("773235643", new String(fields.bytes(), StandardCharsets.UTF_8));
    return id;
  }

  private List<String> offered(boolean available) {
    return link.offered().stream()
        .filter(task -> task.available() == available)
        .map(Offered::name)
        .toList();
  }

  @Test
  void whatItOffersIsKnownAlsoWhenItIsGone() throws Exception {
    Instant before = Instant.now();
    try (Client helper = helper()) {
      Await.until("both are offered", () -> offered(true).equals(List.of("groups", "home")));
      helper.send(Frame.of(Kind.TASKS).text("home").text("subids").build());
      Await.until("one came", () -> offered(true).equals(List.of("home", "subids")));
      assertEquals(List.of("groups"), offered(false));
    }
    Await.until("it is gone", () -> offered(true).isEmpty());
    assertEquals(List.of("groups", "home", "subids"), offered(false));
    assertTrue(link.offered().stream().noneMatch(task -> task.since().isBefore(before)));
  }

  @Test
  void runsTasksSideBySide() throws Exception {
    try (Client helper = helper()) {
      CompletableFuture<TaskResult> home = run("home", Duration.ofSeconds(10));
      long first = task(helper, "home");
      CompletableFuture<TaskResult> groups = run("groups", Duration.ofSeconds(10));
      long second = task(helper, "groups");
      helper.send(Frame.of(Kind.TASKS).text("home").build());
      helper.send(done(second, 1, "that group is root"));
      assertEquals(
          new TaskResult(Status.REFUSED, "that group is root"), groups.get(10, TimeUnit.SECONDS));
      helper.send(done(first, 0, "made"));
      assertEquals(new TaskResult(Status.DONE, "made"), home.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void everyStatus() throws Exception {
    try (Client helper = helper()) {
      for (Status status : Status.values()) {
        CompletableFuture<TaskResult> result = run("home", Duration.ofSeconds(10));
        helper.send(done(task(helper, "home"), status.ordinal(), ""));
        assertEquals(status, result.get(10, TimeUnit.SECONDS).status());
      }
    }
  }

  @Test
  void withoutAHelper() throws Exception {
    TaskResult result = run("home", Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS);
    assertEquals(Status.FAILED, result.status());
    assertTrue(result.detail().contains("himmelblaud-tasks"));
  }

  @Test
  void aLateAnswerIsIgnored() throws Exception {
    try (Client helper = helper()) {
      CompletableFuture<TaskResult> late = run("home", Duration.ofMillis(50));
      long id = helper.expect(Kind.TASK).fields().u64();
      assertEquals(Status.TIMED_OUT, late.get(10, TimeUnit.SECONDS).status());
      helper.send(done(id, 0, "late"));
      CompletableFuture<TaskResult> next = run("home", Duration.ofSeconds(10));
      helper.send(done(task(helper, "home"), 0, "next"));
      assertEquals("next", next.get(10, TimeUnit.SECONDS).detail());
    }
  }

  @Test
  void aLostHelperFailsItsTasks() throws Exception {
    CompletableFuture<TaskResult> result;
    try (Client helper = helper()) {
      result = run("home", Duration.ofSeconds(10));
      task(helper, "home");
    }
    assertEquals(Status.FAILED, result.get(10, TimeUnit.SECONDS).status());
    Await.until("it is gone", () -> !link.connected());
  }

  @Test
  void theNewestHelperWins() throws Exception {
    try (Client before = helper();
        Client after = new Client(path)) {
      CompletableFuture<TaskResult> lost = run("home", Duration.ofSeconds(10));
      task(before, "home");
      after.send(Frame.of(Kind.HELLO).u32(4712).build());
      assertTrue(before.closed());
      assertEquals(Status.FAILED, lost.get(10, TimeUnit.SECONDS).status());
      CompletableFuture<TaskResult> result = run("home", Duration.ofSeconds(10));
      after.send(done(task(after, "home"), 0, ""));
      assertTrue(result.get(10, TimeUnit.SECONDS).done());
    }
  }

  @Test
  void aPeerThatIsNotRootIsNotTheHelper() throws Exception {
    trusted = false;
    try (Client stranger = new Client(path)) {
      assertTrue(stranger.closed());
    }
    assertFalse(link.connected());
  }

  @Test
  void refusesWhatIsNoHelper() throws Exception {
    for (Frame frame : List.of(Frame.of(Kind.TASKS).build(), Frame.of(Kind.HELLO).build())) {
      try (Client client = new Client(path).send(frame)) {
        assertTrue(client.closed());
      }
    }
    for (Frame frame : List.of(done(1, 5, ""), Frame.of(Kind.TASK).build())) {
      try (Client helper = helper()) {
        assertTrue(helper.send(frame).closed());
      }
      Await.until("it is gone", () -> !link.connected());
    }
  }

  @Test
  void aTaskThatFitsNoFrame() throws Exception {
    try (Client helper = helper()) {
      TaskRequest request =
          new TaskRequest("home", Map.of("x", new byte[70_000]), Duration.ofSeconds(10));
      assertEquals(Status.FAILED, link.run(request).status());
      CompletableFuture<TaskResult> next = run("home", Duration.ofSeconds(10));
      helper.send(done(task(helper, "home"), 0, ""));
      assertTrue(next.get(10, TimeUnit.SECONDS).done());
    }
  }

  @Test
  void aCancelledConversationStopsWaiting() throws Exception {
    try (Client helper = helper()) {
      CompletableFuture<TaskResult> result = new CompletableFuture<>();
      TaskRequest request = new TaskRequest("home", Map.of(), Duration.ofHours(1));
      Thread thread = Thread.startVirtualThread(() -> result.complete(link.run(request)));
      helper.expect(Kind.TASK);
      thread.interrupt();
      assertEquals(Status.FAILED, result.get(10, TimeUnit.SECONDS).status());
    }
  }
}
