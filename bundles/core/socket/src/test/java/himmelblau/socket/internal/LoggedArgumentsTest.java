package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.admin.CommandDeclaration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No argument that can be a secret is logged, wherever it was typed. */
class LoggedArgumentsTest {
  private static final CommandDeclaration SECRET =
      declared(
          "--client-id ID --domain DOMAIN --secret SECRET",
          "      --client-id ID      application that the secret belongs to",
          "      --domain DOMAIN     domain that uses it",
          "      --secret SECRET     the secret; - asks for it",
          "  --not-an-option VALUE in a text is one all the same.");

  private static CommandDeclaration declared(String usage, String... lines) {
    return new CommandDeclaration("test", false, "summary", usage, List.of(lines));
  }

  private static String shown(CommandDeclaration declared, String line) {
    return LoggedArguments.of(declared, List.of(line.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "--domain d --client-id c --secret hush,    --domain d --client-id c --secret ***",
    "--secret=hush --domain=d,                  --secret=*** --domain=d",
    "--secret hush hush,                        --secret *** ***",
    "hush,                                      ***",
    "--secrt hush,                              *** ***",
    "--secrt=hush,                              ***",
    "-- hush,                                   *** ***",
    "--domain d hush,                           --domain d ***",
    "--Secret hush,                             *** ***",
    "--secret --domain,                         --secret ***",
  })
  void aSecretIsHiddenWhereverItStands(String typed, String logged) {
    assertEquals(logged, shown(SECRET, typed));
  }

  @Test
  void namesOfValuesAndOptionsTellWhatIsSecret() {
    CommandDeclaration many =
        declared(
            "",
            "  -p, --pass WORD         x",
            "      --with PASSWORD     x",
            "      --hsm-pin PIN       x",
            "  -u, --uid UID           x",
            "      --secret, --cert    only this");
    assertEquals("-p *** --with *** --hsm-pin ***", shown(many, "-p a --with b --hsm-pin c"));
    assertEquals("-u 5 --uid=6 --secret ***", shown(many, "-u 5 --uid=6 --secret hush"));
  }

  @Test
  void wordsAreShownWhereTheUsageHasThem() {
    assertEquals("anna", shown(declared("USER [--json]"), "anna"));
    assertEquals("check /etc/x", shown(declared("[show|check FILE|reload]"), "check /etc/x"));
    assertEquals("debug ***", shown(declared("[debug|info]"), "debug hush"));
    assertEquals("*** ***", shown(declared("[COMMAND ...]"), "aad:cred hush"));
    assertEquals("***", shown(declared(""), "hush"));
  }

  @Test
  void aLongValueIsCut() {
    assertEquals(201, shown(declared("USER"), "x".repeat(5000)).length());
  }
}
