package himmelblau.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedLineTest {
  private final LoggedLine logged =
      new LoggedLine(
          Set.of(
              "felix:lb",
              "felix:stop",
              "felix:install",
              "felix:update",
              "mfa:update",
              "gogo:echo",
              "gogo:grep",
              "aad:cred",
              "scr:list",
              "other:stop2",
              "felix:stop2"));

  @ParameterizedTest
  @CsvSource({
    "lb,                                   lb",
    "felix:lb,                             felix:lb",
    "stop himmelblau.mfa.push,             stop himmelblau.mfa.push",
    "update 7 file:/usr/share/x.jar,       update 7 file:/usr/share/x.jar",
    "lb | grep hush,                       lb; grep ***",
    "aad:cred secret --secret hush,        aad:cred ***",
    "stop 7; echo hush,                    stop 7; echo ***",
    "stop2 hush,                           stop2 ***",
    "hush,                                 ***",
    "hush hush,                            *** ***",
    "install https://host/hush.jar,        install ***",
    "install reference:https://host/hush,  install ***",
  })
  void namesOfCommandsAreShownAndArgumentsThatAreNoSecrets(String typed, String line) {
    assertEquals(line, logged.of(typed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x = hush",
        "x=hush",
        "hush=x",
        "stop 'hush'",
        "stop \"hush; lb\"",
        "stop $hush",
        "stop (hush)",
        "{ hush }",
        "each [1 2] { hush }",
        "stop \\hush",
        "install file:/x?hush",
        "hush@example.org",
        "stop `hush`",
        "stop 7 > hush!",
        "lb\u00a0hush"
      })
  void whatIsNotSimpleIsHidden(String typed) {
    assertFalse(logged.of(typed).contains("hush"), logged.of(typed));
  }

  @Test
  void aLongLineIsCut() {
    assertEquals(2001, logged.of("stop " + "x ".repeat(5000)).length());
  }
}
