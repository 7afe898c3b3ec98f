package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandDeclaration;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.CapturedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that another bundle runs, such as the shell. */
@Timeout(60)
class CommandServiceTest {
  private final CommandService service = new CommandService();
  private final List<String> shown = new ArrayList<>();
  private long uid;

  private final AdminTerminal terminal =
      new AdminTerminal() {
        @Override
        public Peer peer() {
          return new Peer(uid, uid, 1);
        }

        @Override
        public long loginUid() {
          return 1000;
        }

        @Override
        public void out(String line) {
          shown.add("out " + line);
        }

        @Override
        public void err(String line) {
          shown.add("err " + line);
        }

        @Override
        public Optional<String> ask(String prompt) {
          shown.add("ask " + prompt);
          return Optional.empty();
        }

        @Override
        public Optional<Secret> askHidden(String prompt) {
          shown.add("hidden " + prompt);
          return Optional.empty();
        }

        @Override
        public boolean interactive() {
          return true;
        }

        @Override
        public Streams stream(boolean rawMode) {
          throw new UnsupportedOperationException();
        }
      };

  @BeforeEach
  void command() {
    service.bindCommand(
        new AdminCommand() {
          @Override
          public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
            terminal.out("a\u001b[2J");
            terminal.err("b\u202e");
            terminal.ask("c\u0007");
            terminal.askHidden("d\u009b");
            return terminal.interactive() ? 3 : 4;
          }

          @Override
          public String help() {
            return "help";
          }
        },
        Map.of(AdminCommand.COMMAND, "tpm now", AdminCommand.SUMMARY, "summary"));
  }

  @Test
  void nothingSteersTheTerminalThatAnotherBundleHas() throws Exception {
    assertEquals(3, service.run(List.of("tpm", "now"), terminal));
    assertEquals(List.of("out a\ufffd[2J", "err b\ufffd", "ask c\ufffd", "hidden d\ufffd"), shown);
  }

  @Test
  void thePeerOfTheTerminalDecidesAndIsLogged() throws Exception {
    try (CapturedLog log = new CapturedLog("himmelblau.socket")) {
      service.run(List.of("tpm", "now"), terminal);
      String begun = log.lines().getFirst();
      assertTrue(begun.contains(" uid=0 ") && begun.contains(" login_uid=1000 "), begun);
    }
    shown.clear();
    uid = 1000;
    assertEquals(1, service.run(List.of("tpm", "now"), terminal));
    assertEquals(List.of("err This command must be run as root."), shown);
  }

  @Test
  void listsWhatThereIs() {
    assertEquals(
        List.of(new CommandDeclaration("tpm now", false, "summary", "", List.of())), service.all());
  }
}
