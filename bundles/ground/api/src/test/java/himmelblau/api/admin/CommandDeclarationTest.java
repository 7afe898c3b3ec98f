package himmelblau.api.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.log.Log;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandDeclarationTest {
  private static CommandDeclaration declared(String name) {
    return CommandDeclaration.find(CommandDeclarationTest.class, name).orElseThrow();
  }

  @Test
  void readsWhatStandsBesideTheClass() {
    assertEquals(
        new CommandDeclaration(
            "open",
            true,
            "For everybody",
            "USER [--secret SECRET]",
            List.of("      --secret SECRET     the secret", "  More about it.")),
        declared("open"));
    assertEquals("", declared("closed").usage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed", "silent", "loud", "spaced"})
  void onlyTheExactWordLetsEverybodyRunIt(String name) {
    assertFalse(declared(name).anyone());
    assertTrue(CommandHelp.of(getClass(), name).contains("For root only."));
  }

  @Test
  void whatIsNotDescribedIsNotThere() {
    assertEquals(Optional.empty(), CommandDeclaration.find(getClass(), "ope"));
    assertEquals(Optional.empty(), CommandDeclaration.find(Log.class, "open"), "no resource there");
    assertThrows(IllegalStateException.class, () -> CommandHelp.of(getClass(), "ope"));
  }

  @Test
  void theHelpIsMadeOfIt() {
    assertEquals(
        """
        Usage: aad-tool open USER [--secret SECRET]
        For everybody. For everybody.

          -d, --debug             accepted; for details see the log of himmelblaud
          -h, --help              this text
              --secret SECRET     the secret
          More about it.""",
        CommandHelp.of(getClass(), "open"));
    assertTrue(CommandHelp.of(getClass(), "closed").startsWith("Usage: aad-tool closed\n"));
  }
}
