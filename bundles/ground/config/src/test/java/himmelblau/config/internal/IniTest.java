package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IniTest {
  private static final Path FILE = Path.of("/etc/x.conf");

  private static List<Setting> parse(String text) throws ConfigException {
    return Ini.parse(FILE, text.getBytes(StandardCharsets.UTF_8)).settings();
  }

  /** Each row of the dialect's table: one line, then section, key and value as they must arrive. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "'a = b'                     | a   | b",
        "'   a = b'                  | a   | b",
        "'\ta\t=\tb\t'               | a   | b",
        "'\u00a0a = b\u2003'         | a   | b",
        "'a=b'                       | a   | b",
        "'shell:/bin/zsh'            | shell | /bin/zsh",
        "'url = https://x:443/'      | url | https://x:443/",
        "'url : a=b'                 | url | a=b",
        "'A_Key = MixedCase'         | a_key | MixedCase",
        "'a = b # comment'           | a   | b",
        "'a = b;comment'             | a   | b",
        "'a = number #1 of ;'        | a   | number",
        "'a # = b'                   | a   | NULL",
        "'a'                         | a   | NULL",
        "'a ='                       | a   | ''",
        "'a:'                        | a   | ''",
        "'a = \"b\"'                 | a   | '\"b\"'",
        "'a = b\\n'                  | a   | 'b\\n'",
        "'a = ${b}'                  | a   | '${b}'",
        "'Ä = ö'                     | ä   | ö",
        "'a b = c d'                 | a b | c d",
        "'a = b = c'                 | a   | b = c",
        "'a = b\r'                   | a   | b",
      })
  void readsLines(String line, String key, String value) throws Exception {
    List<Setting> settings = parse("[s]\n" + line + "\n");
    assertEquals(List.of(new Setting("s", key, value, FILE, 2)), settings);
  }

  @ParameterizedTest
  @CsvSource({
    "'[Example.onMicrosoft.com]', example.onmicrosoft.com",
    "'  [ global ]  ',             global",
    "'[a]b]',                      a]b",
    "'[a] trailing',               a",
    "'[]',                         ''",
    "'[a] # [b]',                  a",
  })
  void readsSections(String line, String section) throws Exception {
    assertEquals(section, parse(line + "\nk = v").get(0).section());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "# a = b", "; a = b", "   # x", "#", ";"})
  void skipsCommentsAndBlanks(String line) throws Exception {
    assertEquals(List.of(), parse("[s]\n" + line));
  }

  @ParameterizedTest
  @CsvSource({"'[global', 3", "' = x', 3", "': x', 3", "'[global # ]', 3", "'a = \0', 3"})
  void refusesWithFileAndLine(String line, int number) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse("[s]\n\n" + line));
    assertTrue(e.getMessage().startsWith("/etc/x.conf:" + number + ": "), e.getMessage());
  }

  @Test
  void refusesOtherEncodings() {
    byte[] latin = "[s]\na = b\nc = gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1);
    ConfigException e = assertThrows(ConfigException.class, () -> Ini.parse(FILE, latin));
    assertEquals("/etc/x.conf:3: the file is not UTF-8. Save it as UTF-8.", e.getMessage());
  }

  @Test
  void keysBeforeTheFirstSectionAreKeptSeparately() throws Exception {
    assertEquals("default", parse("a = b").get(0).section());
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstSection() throws Exception {
    assertEquals("global", parse("\ufeff[global]\na = b").get(0).section());
  }

  @Test
  void noLineContinuesAnother() throws Exception {
    List<Setting> settings = parse("[s]\na = b \\\n  c\n");
    assertEquals("b \\", settings.get(0).value());
    assertEquals("c", settings.get(1).key());
  }

  @Test
  void noEscapesQuotesOrReferencesMeanAnything() throws Exception {
    List<Setting> settings =
        parse("[s]\na = \"x # y\"\nb = 'x\nc = %(a)s ${a} \\t \\\\\nd = \"\"\n");
    assertEquals("\"x", settings.get(0).value(), "the comment begins inside quotes too");
    assertEquals("'x", settings.get(1).value());
    assertEquals("%(a)s ${a} \\t \\\\", settings.get(2).value());
    assertEquals("\"\"", settings.get(3).value(), "no empty value");
  }

  @Test
  void linesEndWithALineFeedAlsoTheLastWithout() throws Exception {
    List<Setting> settings = parse("[s]\r\na = b\r\n\r\nc = d\re = f\r\ng = h");
    assertEquals(List.of("a", "c", "g"), settings.stream().map(Setting::key).toList());
    assertEquals("d\re = f", settings.get(1).value(), "a carriage return alone ends no line");
    assertEquals(List.of(2, 4, 5), settings.stream().map(Setting::line).toList());
  }

  @Test
  void settingsKeepTheirOrderSoThatTheLastWins() throws Exception {
    List<Setting> settings = parse("[S]\nA = 1\n[t]\na = 2\n[s]\na = 3\na\n");
    assertEquals(List.of("s", "t", "s", "s"), settings.stream().map(Setting::section).toList());
    assertNull(settings.get(3).value());
  }

  @Test
  void aLineIsAsLongAsItIs() throws Exception {
    String value = "x".repeat(900_000);
    assertEquals(value, parse("[s]\na = " + value + "\n").get(0).value());
    String key = "k".repeat(900_000);
    assertEquals(key, parse("[s]\n" + key + "\n").get(0).key());
    assertEquals(100_000, parse("[s]\n" + "a=b\n".repeat(100_000)).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b = c", "a = b\0", "[a\0]", "\0"})
  void aNulByteIsNoText(String line) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse("[s]\n" + line + "\n"));
    assertTrue(e.getMessage().startsWith("/etc/x.conf:2: a NUL byte"), e.getMessage());
  }

  @Test
  void otherUnicodeFilesAreRefusedAtTheirFirstByte() {
    for (java.nio.charset.Charset wide :
        List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      byte[] bytes = "[global]\ndomain = x\n".getBytes(wide);
      ConfigException e = assertThrows(ConfigException.class, () -> Ini.parse(FILE, bytes));
      assertTrue(e.getMessage().startsWith("/etc/x.conf:1: "), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0xC0, 0xFF, 0x80, 0xED})
  void aSingleBadByteIsFoundWhereverItIs(int bad) {
    byte[] bytes = "[s]\na = b\n# comment ?\nc = d\n".getBytes(StandardCharsets.UTF_8);
    bytes[new String(bytes, StandardCharsets.UTF_8).indexOf('?')] = (byte) bad;
    ConfigException e = assertThrows(ConfigException.class, () -> Ini.parse(FILE, bytes));
    assertEquals("/etc/x.conf:3: the file is not UTF-8. Save it as UTF-8.", e.getMessage());
  }

  @Test
  void randomBytesAreParsedOrRefused() {
    Random random = new Random(4711);
    byte[] alphabet = "[]=:#; \t\r\n\0aB.,-09\u00e4".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] =
            random.nextInt(20) == 0
                ? (byte) random.nextInt(256)
                : alphabet[random.nextInt(alphabet.length)];
      }
      try {
        for (Setting setting : Ini.parse(FILE, bytes).settings()) {
          assertTrue(!setting.key().isEmpty() && setting.line() > 0);
        }
      } catch (ConfigException refused) {
        assertTrue(refused.getMessage().startsWith("/etc/x.conf:"), refused.getMessage());
      }
    }
  }
}
