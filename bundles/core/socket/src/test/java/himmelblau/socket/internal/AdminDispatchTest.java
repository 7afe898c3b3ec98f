package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameBuilder;
import himmelblau.frames.Kind;
import himmelblau.testing.doubles.CapturedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminDispatchTest {
  @TempDir Path folder;
  private Path path;
  private Listener listener;
  private volatile long uid;
  private final CommandTable commands = new CommandTable();

  @BeforeEach
  void setUp() throws Exception {
    path = folder.resolve("admin");
    AdminDispatch dispatch =
        new AdminDispatch(new CommandRunner(commands), new LoginUids(Optional::empty));
    listener =
        Listener.open(
            "admin",
            path,
            "rw-rw-rw-",
            PeerLimits.TERMINAL,
            connection -> serveAs(dispatch, connection));
  }

  /** As if the peer had {@link #uid}. */
  private void serveAs(AdminDispatch dispatch, PeerConnection connection)
      throws IOException, InterruptedException {
    dispatch.serve(connection.as(new Peer(uid, uid, 1)));
  }

  @AfterEach
  void tearDown() throws Exception {
    listener.close();
    Await.until("all threads end", () -> Await.threads("command-") == 0);
  }

  private interface Body {
    int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed;
  }

  private AdminCommand command(String words, boolean anyone, Body body) {
    return command(words, anyone, 0, body);
  }

  private AdminCommand command(String words, boolean anyone, int ranking, Body body) {
    AdminCommand command =
        new AdminCommand() {
          @Override
          public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
            return body.run(arguments, terminal);
          }

          @Override
          public String help() {
            return "help of " + words + "\n";
          }
        };
    commands.add(
        command,
        Map.of(
            AdminCommand.COMMAND,
            words,
            AdminCommand.SUMMARY,
            "summary",
            AdminCommand.ANYONE,
            anyone,
            "service.ranking",
            ranking));
    return command;
  }

  private Client send(String... words) throws IOException {
    return send(3, words);
  }

  private Client send(int flags, String... words) throws IOException {
    FrameBuilder frame = Frame.of(Kind.COMMAND).u32(flags).u32(80).u32(24).text("C.UTF-8");
    for (String word : words) {
      frame.text(word);
    }
    return new Client(path).send(frame.build());
  }

  private static String bytes(Client client, int kind) throws IOException {
    return new String(client.expect(kind).fields().bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void runsWithItsArguments() throws Exception {
    command(
        "idmap user-add",
        false,
        (arguments, terminal) -> {
          assertTrue(terminal.interactive());
          terminal.out(String.join(",", arguments));
          terminal.err("schon gut");
          return 7;
        });
    try (Client client = send("idmap", "user-add", "--uid", "5")) {
      assertEquals("--uid,5\n", bytes(client, Kind.OUT));
      assertEquals("schon gut\n", bytes(client, Kind.ERR));
      assertEquals(List.of(7L, ""), client.end());
      assertTrue(client.closed());
    }
  }

  @Test
  void nothingOfAServerSteersTheTerminal() throws Exception {
    command(
        "status",
        false,
        (arguments, terminal) -> {
          terminal.out("a\tb\u001b[2J\u202e");
          terminal.err("c\nd\u009b1A\u2028");
          return 0;
        });
    try (Client client = send("status")) {
      assertEquals("a\tb\ufffd[2J\ufffd\n", bytes(client, Kind.OUT));
      assertEquals("c\nd\ufffd1A\ufffd\n", bytes(client, Kind.ERR));
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void prefersTheLongerName() throws Exception {
    command("cred", false, (arguments, terminal) -> 1);
    command("cred list", false, (arguments, terminal) -> 2);
    try (Client one = send("cred", "other");
        Client two = send("cred", "list")) {
      assertEquals(1L, one.end().getFirst());
      assertEquals(2L, two.end().getFirst());
    }
  }

  @Test
  void ofOneNameTheHighestRankingIsRunWhileItIsThere() throws Exception {
    command("cache-clear", false, 0, (arguments, terminal) -> 1);
    AdminCommand higher = command("cache-clear", false, 100, (arguments, terminal) -> 2);
    command("cache-clear", false, 50, (arguments, terminal) -> 3);
    try (Client client = send("cache-clear")) {
      assertEquals(2L, client.end().getFirst());
    }
    try (Client client = send("help")) {
      assertTrue(bytes(client, Kind.OUT).matches("  cache-clear +summary\n"));
      assertEquals(0L, client.end().getFirst(), "listed once");
    }
    commands.remove(higher);
    try (Client client = send("cache-clear")) {
      assertEquals(3L, client.end().getFirst());
    }
  }

  @Test
  void aCommandIsToldWhyItsCallerIsNotKnown() throws Exception {
    command(
        "tpm",
        false,
        (arguments, terminal) -> {
          try {
            return (int) terminal.loginUid();
          } catch (UnknownLoginUid e) {
            terminal.err(e.reason());
            return 3;
          }
        });
    try (Client client = send("tpm")) {
      assertEquals("The root helper is not connected.\n", bytes(client, Kind.ERR));
      assertEquals(3L, client.end().getFirst());
    }
  }

  @Test
  void rootOnlyUnlessTheCommandSaysOtherwise() throws Exception {
    command("status", true, (arguments, terminal) -> 0);
    command("cache-clear", false, (arguments, terminal) -> 0);
    uid = 1000;
    try (Client client = send("status")) {
      assertEquals(0L, client.end().getFirst());
    }
    try (Client client = send("cache-clear")) {
      assertEquals("This command must be run as root.\n", bytes(client, Kind.ERR));
      assertEquals(1L, client.end().getFirst());
    }
    try (Client client = send("cache-clear", "--help")) {
      assertEquals("help of cache-clear\n", bytes(client, Kind.OUT));
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void theResourceBesideTheClassDecidesWhoMayRunIt() throws Exception {
    command("declared-open", false, (arguments, terminal) -> 0);
    command("declared-root", true, (arguments, terminal) -> 0);
    command("declared-silent", true, (arguments, terminal) -> 0);
    uid = 1000;
    try (Client client = send("declared-open")) {
      assertEquals(0L, client.end().getFirst());
    }
    for (String name : List.of("declared-root", "declared-silent")) {
      try (Client client = send(name)) {
        assertEquals("This command must be run as root.\n", bytes(client, Kind.ERR));
        assertEquals(1L, client.end().getFirst());
      }
    }
  }

  @Test
  void aListForPrograms() throws Exception {
    command("declared-open", false, (arguments, terminal) -> 0);
    command("mine own", false, (arguments, terminal) -> 0);
    uid = 1000;
    try (Client client = send("help", "--list")) {
      assertEquals("mine own\troot\tsummary\n", bytes(client, Kind.OUT));
      assertEquals("declared-open\tanyone\tFrom the resource\n", bytes(client, Kind.OUT));
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void whatTheCallerKnowsIsLeftOut() throws Exception {
    command("mine own", false, (arguments, terminal) -> 0);
    command("theirs", false, (arguments, terminal) -> 0);
    try (Client client = send("help", "--besides", "theirs", "never heard of")) {
      assertEquals(String.format("  %-35s summary%n", "mine own"), bytes(client, Kind.OUT));
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void whoRanWhatIsLoggedBeforeItRuns() throws Exception {
    try (CapturedLog log = new CapturedLog("himmelblau.socket")) {
      command("tpm", false, (arguments, terminal) -> log.lines().size());
      try (Client client = send("tpm", "--secret", "hush")) {
        assertEquals(1L, client.end().getFirst());
      }
      assertTrue(
          log.lines()
              .getFirst()
              .matches(
                  "command.begins command=tpm arguments=\"\\*\\*\\* \\*\\*\\*\" uid=0"
                      + " id=[0-9a-f]{8} pid=[0-9]+ login_uid=- audit=admin/success"),
          log.lines().toString());
      uid = 1000;
      try (Client client = send("tpm")) {
        assertEquals("This command must be run as root.\n", bytes(client, Kind.ERR));
        assertEquals(1L, client.end().getFirst());
      }
      assertTrue(log.lines().getLast().startsWith("command.refused command=tpm"));
      assertTrue(log.lines().getLast().contains("uid=1000"));
    }
  }

  @Test
  void helpAndUnknownCommands() throws Exception {
    AdminCommand command = command("mine", false, (arguments, terminal) -> 0);
    try (Client client = send("help")) {
      assertTrue(bytes(client, Kind.OUT).matches("  mine +summary\n"));
      assertEquals(0L, client.end().getFirst());
    }
    try (Client client = send("help", "mine")) {
      assertEquals("help of mine\n", bytes(client, Kind.OUT));
    }
    commands.remove(command);
    try (Client client = send("mine")) {
      assertTrue(bytes(client, Kind.ERR).contains("does not know the command 'mine'"));
      assertEquals(2L, client.end().getFirst());
    }
  }

  @Test
  void waitsForACommandThatIsBeingReplaced() throws Exception {
    try (Client client = send("late")) {
      Await.until("it waits", () -> Await.threads("command-") == 1);
      command("late", false, (arguments, terminal) -> 0);
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void asks() throws Exception {
    command(
        "cache-clear",
        false,
        (arguments, terminal) -> {
          assertEquals(Optional.of("y"), terminal.ask("Proceed? [Y/N]: "));
          try (Secret secret = terminal.askHidden("PIN: ").orElseThrow()) {
            assertEquals("187265", secret.revealText());
          }
          assertEquals(Optional.empty(), terminal.ask("more: "));
          return 0;
        });
    try (Client client = send(0, "cache-clear")) {
      assertEquals("Proceed? [Y/N]: ", client.text(Kind.ASK));
      client.answer("y");
      assertEquals("PIN: ", client.text(Kind.ASK_HIDDEN));
      client.answer("187265");
      assertEquals("more: ", client.text(Kind.ASK));
      client.send(Frame.of(Kind.GIVE_UP).build());
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void aFailingCommandSaysSo() throws Exception {
    command(
        "tpm",
        false,
        (arguments, terminal) -> {
          throw new IllegalStateException("broken");
        });
    try (Client client = send("tpm")) {
      assertTrue(
          bytes(client, Kind.ERR).startsWith("tpm failed; for details see the log of himmelblaud"));
      assertEquals(1L, client.end().getFirst());
    }
  }

  @Test
  void aCommandWithoutItsClassesSaysSo() throws Exception {
    command(
        "tpm",
        false,
        (arguments, terminal) -> {
          throw new NoClassDefFoundError("himmelblau/replaced/Part");
        });
    try (Client client = send("tpm")) {
      assertTrue(bytes(client, Kind.ERR).startsWith("tpm failed; "));
      assertEquals(1L, client.end().getFirst());
    }
  }

  @Test
  void muchOutputInPieces() throws Exception {
    String much = "x".repeat(100_000);
    command(
        "enumerate",
        false,
        (arguments, terminal) -> {
          terminal.out(much);
          return 0;
        });
    try (Client client = send("enumerate")) {
      StringBuilder all = new StringBuilder();
      while (all.length() < much.length() + 1) {
        all.append(bytes(client, Kind.OUT));
      }
      assertEquals(much + "\n", all.toString());
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void streams() throws Exception {
    command(
        "shell",
        false,
        (arguments, terminal) -> {
          AdminTerminal.Streams streams = terminal.stream(true);
          try {
            streams.output().write("g! ".getBytes(StandardCharsets.UTF_8));
            byte[] all = streams.input().readAllBytes();
            streams.error().write(all);
          } catch (IOException e) {
            return 1;
          }
          return 0;
        });
    try (Client client = send("shell")) {
      assertEquals(2L, client.expect(Kind.RAW).fields().u32());
      assertEquals("g! ", bytes(client, Kind.OUT));
      byte[] typed = new byte[200_000];
      for (int i = 0; i < typed.length; i += 4000) {
        client.send(Frame.of(Kind.INPUT).bytes(new byte[4000]).build());
      }
      client.send(Frame.of(Kind.INPUT_END).build());
      byte[] echoed = new byte[0];
      while (echoed.length < typed.length) {
        byte[] part = client.expect(Kind.ERR).fields().bytes();
        byte[] more = java.util.Arrays.copyOf(echoed, echoed.length + part.length);
        System.arraycopy(part, 0, more, echoed.length, part.length);
        echoed = more;
      }
      assertArrayEquals(typed, echoed);
      assertEquals(0L, client.end().getFirst());
    }
  }

  @Test
  void leavingASessionEndsIt() throws Exception {
    CompletableFuture<Integer> read = new CompletableFuture<>();
    command(
        "shell",
        false,
        (arguments, terminal) -> {
          try {
            read.complete(terminal.stream(false).input().read());
          } catch (IOException | ConversationClosed e) {
            read.complete(-1); // closed: perhaps before the session had begun
          }
          return 0;
        });
    try (Client client = send("shell")) {
      assertEquals(1L, client.expect(Kind.RAW).fields().u32());
    }
    assertEquals(-1, read.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aSessionThatDoesNotReadBlocksNoOther() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    command(
        "shell",
        false,
        (arguments, terminal) -> {
          terminal.stream(true);
          try {
            end.await();
          } catch (InterruptedException e) {
            return 1;
          }
          return 0;
        });
    try (Client client = send("shell")) {
      client.expect(Kind.RAW);
      for (int i = 0; i < 20; i++) {
        client.send(Frame.of(Kind.INPUT).text("x").build());
      }
      end.countDown();
      assertEquals(0L, client.end().getFirst());
    }
    Await.until("all threads end", () -> Await.threads("admin\"") == 0);
  }

  @Test
  void refusesOtherBeginnings() throws Exception {
    for (Frame frame :
        List.of(
            Frame.of(Kind.START).build(),
            Frame.of(Kind.INPUT).text("x").build(),
            Frame.of(Kind.COMMAND).u32(1).build())) {
      try (Client client = new Client(path).send(frame)) {
        assertTrue(client.closed());
      }
    }
  }

  @Test
  void inputWithoutASessionEndsIt() throws Exception {
    command("tpm", false, (arguments, terminal) -> terminal.ask("x: ").isEmpty() ? 0 : 1);
    try (Client client = send("tpm")) {
      client.expect(Kind.ASK);
      assertTrue(client.send(Frame.of(Kind.INPUT).text("x").build()).closed());
    }
  }
}
