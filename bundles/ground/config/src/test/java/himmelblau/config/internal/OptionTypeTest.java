package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTypeTest {
  private static void refuses(OptionType type, String text) {
    assertThrows(OptionType.Refused.class, () -> type.parse(text), text);
  }

  @ParameterizedTest
  @CsvSource({"90m,5400", "2h,7200", "1d,86400", "0,0", "45,45", "2H,7200", "7s,7", "+5m,300"})
  void readsTimes(String text, long seconds) throws Exception {
    assertEquals(seconds, OptionType.TTL.parse(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "1w",
        "1.5h",
        "-5m",
        "2 h",
        "99999999999999999999",
        "999999999999999999d"
      })
  void refusesTimes(String text) {
    refuses(OptionType.TTL, text);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "TRUE,true", "1,true", "false,false", "False,false", "0,false"})
  void readsBooleans(String text, boolean value) throws Exception {
    assertEquals(value, OptionType.BOOL.parse(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no", "on", "off", "", "2", "tru"})
  void refusesBooleans(String text) {
    refuses(OptionType.BOOL, text);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "6,6", "+6,6", "007,7", "4294967295,2147483647"})
  void readsNumbers(String text, int value) throws Exception {
    assertEquals(value, OptionType.U32.parse(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "++1", "1s", "1_000", "4294967296", "0x10", "1.0", "٣"})
  void refusesNumbers(String text) {
    refuses(OptionType.U32, text);
  }

  @ParameterizedTest
  @CsvSource({
    "300,300",
    "+0,0",
    "315360001,315360000",
    "9223372036854775807,315360000",
    "18446744073709551615,315360000",
    "00000000000000000000000007,7"
  })
  void secondsEndBeforeClocksOverflow(String text, long value) throws Exception {
    assertEquals(value, OptionType.U64.parse(text).orElseThrow());
    assertEquals(value, OptionType.TTL.parse(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551616", "-1", "1e3", "1 0", "", "5s"})
  void refusesSeconds(String text) {
    refuses(OptionType.U64, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/größe", ""})
  void readsPrograms(String text) throws Exception {
    assertEquals(text, OptionType.PROGRAM.parse(text).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "/bin/a:b", "/bin/../x", "/bin/\t", "./x", "/./x"})
  void refusesProgramsThatWouldBreakPasswd(String text) {
    refuses(OptionType.PROGRAM, text);
  }

  @Test
  void readsLists() throws Exception {
    assertArrayEquals(
        new String[] {"a", "b c"}, (Object[]) OptionType.LIST.parse(" a ,, b c,").orElseThrow());
    assertArrayEquals(new String[0], (Object[]) OptionType.LIST.parse("").orElseThrow());
    assertArrayEquals(
        new String[] {"a", "", "b"},
        (Object[]) OptionType.LIST_WITH_EMPTY.parse("a, ,b").orElseThrow());
  }

  @Test
  void readsRanges() throws Exception {
    assertEquals("200000-4294967295", OptionType.RANGE.parse("200000-4294967295").orElseThrow());
    for (String bad :
        new String[] {"", "1", "1-2-3", "1 - 2", "-5-7", "a-b", "2-1", "1-4294967296"}) {
      refuses(OptionType.RANGE, bad);
    }
  }

  @Test
  void readsIssuers() throws Exception {
    assertEquals(
        "https://id.example.org/realms/x",
        OptionType.ISSUER
            .parse("https://id.example.org/realms/x/.well-known/openid-configuration")
            .orElseThrow());
    for (String bad : new String[] {"", "http://id.example.org", "https://", "https://a/?b"}) {
      refuses(OptionType.ISSUER, bad);
    }
  }

  @Test
  void readsKeywordsInAnyLetterCase() throws Exception {
    OptionType type = OptionType.oneOf("uuid", "cn");
    assertEquals("cn", type.parse("CN").orElseThrow());
    refuses(type, "name");
    refuses(type, "");
  }

  @Test
  void readsTheNameOfAPlugin() throws Exception {
    OptionType type = OptionType.oneOfOrPlugin("tpm", "soft");
    assertEquals("tpm", type.parse("TPM").orElseThrow());
    assertEquals("plugin:vendor-1", type.parse("plugin:vendor-1").orElseThrow());
    assertEquals("plugin:softhsm", type.parse("plugin:softhsm").orElseThrow());
    for (String bad :
        new String[] {
          "", "vendor-1", "plugin:", "plugin:a b", "plugin:../x", "plugin:soft", "Plugin:Soft"
        }) {
      refuses(type, bad);
    }
  }

  @Test
  void directoriesEndInASlash() throws Exception {
    assertEquals("/home/", OptionType.DIRECTORY.parse("/home").orElseThrow());
    assertEquals("/home/", OptionType.DIRECTORY.parse("/home/").orElseThrow());
    assertEquals("/", OptionType.DIRECTORY.parse("/").orElseThrow());
    for (String bad : new String[] {"/ho:me/", "/home/../etc/", "/home/\u0007/", "~"}) {
      refuses(OptionType.DIRECTORY, bad);
    }
    refuses(OptionType.DIRECTORY, "home/");
    refuses(OptionType.DIRECTORY, "");
  }
}
