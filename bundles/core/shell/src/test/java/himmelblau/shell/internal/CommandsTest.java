package himmelblau.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.admin.AdminCommands;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandDeclaration;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.SignInService;
import himmelblau.testing.doubles.CapturedLog;
import himmelblau.testing.doubles.RecordingTerminal;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private static final org.osgi.framework.BundleContext NO_BUNDLES =
      (org.osgi.framework.BundleContext)
          java.lang.reflect.Proxy.newProxyInstance(
              CommandsTest.class.getClassLoader(),
              new Class<?>[] {org.osgi.framework.BundleContext.class},
              (self, method, arguments) ->
                  method.getName().equals("getBundles") ? new org.osgi.framework.Bundle[0] : null);

  private final ThreadIOImpl threadIo = new ThreadIOImpl();
  private CommandProcessorImpl processor;

  /** A command of the shell. */
  public static final class Greeting {
    public String greet(String name) {
      return "hello " + name;
    }

    public void fail() {
      throw new IllegalStateException("on purpose");
    }
  }

  @BeforeEach
  void start() {
    threadIo.start();
    processor = new CommandProcessorImpl(threadIo);
    processor.addCommand("test", new Greeting(), "greet");
    processor.addCommand("test", new Greeting(), "fail");
  }

  @AfterEach
  void stop() {
    processor.stop();
    threadIo.stop();
  }

  private static SignInService signIn() {
    return (SignInService)
        Proxy.newProxyInstance(
            SignInService.class.getClassLoader(),
            new Class<?>[] {SignInService.class},
            (self, method, arguments) -> null);
  }

  @Test
  void statusIsWorkingWhenUsersCanSignIn() throws Exception {
    StatusCommand status = new StatusCommand();
    RecordingTerminal terminal = new RecordingTerminal(0, "");
    assertEquals(1, status.run(List.of(), terminal));
    assertEquals(List.of(), terminal.out);

    SignInService signIn = signIn();
    status.addSignIn(signIn);
    status.addTrouble(() -> List.of("example.org cannot start: no key store"));
    assertEquals(0, status.run(List.of(), terminal));
    assertEquals(List.of("working!"), terminal.out);
    assertTrue(terminal.err.contains("example.org cannot start: no key store"));

    RecordingTerminal user = new RecordingTerminal(1000, "");
    assertEquals(0, status.run(List.of(), user));
    assertFalse(user.err.toString().contains("example.org"), "details are root's");
    assertEquals(2, status.run(List.of("x"), user));
    status.removeSignIn(signIn);
    assertEquals(1, status.run(List.of(), user));
  }

  @Test
  void theShellRunsLinesUntilExit() throws Exception {
    RecordingTerminal terminal =
        new RecordingTerminal(
            0, "greet Ä\r\n\n# note\nfail\nnonsense\nexit\ngreet no-more\n", true);
    assertEquals(0, new ShellCommand(processor, NO_BUNDLES).run(List.of(), terminal));
    String shown = terminal.streamed.toString(StandardCharsets.UTF_8);
    assertTrue(shown.startsWith("g! hello Ä\n"), shown);
    assertTrue(shown.contains("gogo: IllegalStateException: on purpose"), shown);
    assertTrue(shown.contains("nonsense"), shown);
    assertFalse(shown.contains("no-more"), shown);
  }

  @Test
  void theShellEndsWithItsInput() throws Exception {
    RecordingTerminal terminal = new RecordingTerminal(0, "greet last");
    assertEquals(0, new ShellCommand(processor, NO_BUNDLES).run(List.of(), terminal));
    assertTrue(terminal.streamed.toString(StandardCharsets.UTF_8).contains("hello last"));
  }

  /** What the socket's bundle would do. */
  private static final AdminCommands COMMANDS =
      new AdminCommands() {
        @Override
        public List<CommandDeclaration> all() {
          return List.of();
        }

        @Override
        public int run(List<String> words, AdminTerminal terminal) throws ConversationClosed {
          terminal.out(words + " for " + terminal.peer().uid());
          if (words.contains("stream")) {
            terminal.stream(false);
          }
          return words.contains("no") ? 1 : 0;
        }
      };

  private String session(int code, String typed, String... words) throws Exception {
    processor.addCommand("aad", new AadFunction("cache-clear", COMMANDS), "cache-clear");
    RecordingTerminal terminal = new RecordingTerminal(0, typed);
    assertEquals(code, new ShellCommand(processor, NO_BUNDLES).run(List.of(words), terminal));
    return terminal.streamed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void commandsOfAadToolRunInTheShellForWhoTypes() throws Exception {
    assertEquals("[cache-clear, --full, x] for 0\n", session(0, "", "aad:cache-clear --full x"));
    assertEquals("[cache-clear] for 0\n", session(0, "", "cache-clear"), "also without the scope");
    assertTrue(session(1, "", "aad:cache-clear no").contains("cache-clear ended with status 1"));
    assertEquals(
        "[cache-clear, --help] for 0\n", session(0, "", "help  aad:cache-clear"), "its own help");
  }

  @Test
  void noNameThatIsAddedHidesOneOfTheFramework() throws Exception {
    processor.addCommand("acme", new Greeting(), "fail");
    processor.addCommand("felix", (Function) (session, arguments) -> "felix", "fail");
    RecordingTerminal terminal = new RecordingTerminal(0, "");
    assertEquals(0, new ShellCommand(processor, NO_BUNDLES).run(List.of("fail"), terminal));
    assertEquals("felix\n", terminal.streamed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void helpListsThemWithTheOthers() throws Exception {
    processor.addCommand("felix", (Function) (session, arguments) -> "felix:lb", "help");
    assertEquals("felix:lb\naad:cache-clear\n", session(0, "", "help"));
    assertEquals("felix:lb\n", session(0, "", "help", "lb"));
    processor.addCommand("aad", new AadFunction("gone", COMMANDS), "gone");
    assertTrue(session(0, "", "help").contains("aad:gone\n"));
    processor.removeCommand("aad", "gone");
    assertEquals("felix:lb\naad:cache-clear\n", session(0, "", "help"));
  }

  @Test
  void theInputOfASessionStaysTheSessions() throws Exception {
    String shown = session(0, "aad:cache-clear stream\naad:cache-clear after\n");
    assertTrue(shown.contains("run it with aad-tool, outside of the shell"), shown);
    assertTrue(shown.contains("[cache-clear, after] for 0"), shown);
  }

  @Test
  void everyLineIsLoggedWithWhoTypedItAndWithoutSecrets() throws Exception {
    try (CapturedLog log = new CapturedLog("himmelblau.shell")) {
      session(0, "greet x\naad:cache-clear --secret hush\n\n# note\nnonsense hush\nexit\n");
      assertEquals(
          List.of(
              "shell.line line=\"greet ***\" uid=0 login_uid=1000 audit=admin/success",
              "shell.line line=\"aad:cache-clear ***\" uid=0 login_uid=1000 audit=admin/success",
              "shell.line line=\"*** ***\" uid=0 login_uid=1000 audit=admin/success"),
          log.lines());
      session(0, "", "greet", "y");
      assertEquals(
          "shell.line line=\"greet ***\" uid=0 login_uid=1000 audit=admin/success",
          log.lines().getLast());
    }
  }

  @Test
  void oneCommandSaysWhetherItFailed() throws Exception {
    RecordingTerminal terminal = new RecordingTerminal(0, "");
    assertEquals(0, new ShellCommand(processor, NO_BUNDLES).run(List.of("greet", "x"), terminal));
    assertEquals(1, new ShellCommand(processor, NO_BUNDLES).run(List.of("fail"), terminal));
  }

  @Test
  void theShellIsForRoot() throws Exception {
    RecordingTerminal terminal = new RecordingTerminal(1000, "greet x\n");
    assertEquals(1, new ShellCommand(processor, NO_BUNDLES).run(List.of(), terminal));
    assertEquals(0, terminal.streamed.size());
    assertEquals(List.of("This command must be run as root."), terminal.err);
  }

  @Test
  void failuresAreShortenedToTheirCause() {
    assertEquals(
        "himmelblau.X: no file",
        Plugins.firstLine(
            "Foo: outer\n\tat a\nCaused by: B: mid\nCaused by: himmelblau.X: no file\n\tat b"));
    assertEquals("Foo: outer", Plugins.firstLine("Foo: outer\n\tat a"));
  }

  @Test
  void tablesLineUp() {
    assertEquals(List.of("A    B", "aaa  b"), new Table().row("A", "B").row("aaa", "b").lines());
  }

  @Test
  void threadsAreListed() {
    List<String> lines = ThreadsCommand.lines(Thread.getAllStackTraces(), false);
    assertTrue(lines.stream().anyMatch(line -> line.contains("main")), lines.toString());
  }
}
