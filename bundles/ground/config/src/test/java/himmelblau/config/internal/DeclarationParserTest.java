package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.config.internal.Option.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclarationParserTest {
  private static final String WHOLE = "option a_b\nsection global\ntype integer\nabout Some text\n";

  private static List<Declaration> parse(String text) throws DeclarationParser.Refused {
    return DeclarationParser.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Option only(String text) throws DeclarationParser.Refused {
    List<Declaration> all = parse(text);
    assertEquals(1, all.size());
    return all.get(0).option();
  }

  private static void refused(int line, String why, String text) {
    DeclarationParser.Refused e =
        assertThrows(DeclarationParser.Refused.class, () -> parse(text), text);
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
    assertEquals(line, e.line(), e.getMessage());
  }

  @Test
  void readsAnOptionWithItsDefault() throws Exception {
    Option option = only("# Of a test\n\n" + WHOLE + "default 12\n");
    assertEquals("a_b", option.name());
    assertEquals(Scope.GLOBAL, option.scope());
    assertEquals(OptionType.U32, option.type());
    assertEquals(Optional.of(12), option.standard());
    assertEquals("Some text", option.doc());
  }

  @Test
  void readsLinesWithCarriageReturns() throws Exception {
    assertEquals(only(WHOLE), only(WHOLE.replace("\n", "\r\n")));
  }

  @Test
  void anEmptyDefaultIsADefault() throws Exception {
    String text = WHOLE.replace("integer", "string");
    assertEquals(Optional.empty(), only(text).standard());
    assertEquals(Optional.of(""), only(text + "default\n").standard());
  }

  @Test
  void readsEveryType() throws Exception {
    assertEquals(Optional.of(true), typed("boolean", "true"));
    assertEquals(Optional.of(5400L), typed("duration", "90m"));
    assertEquals(Optional.of("a # b"), typed("string", "a # b"));
    assertArrayEquals(new String[] {"a", "b c"}, (Object[]) typed("list", "a, b c").orElseThrow());
    assertEquals(Optional.of("red"), typed("one-of red green", "Red"));
  }

  private static Optional<Object> typed(String type, String standard) throws Exception {
    return only(WHOLE.replace("integer", type) + "default " + standard + "\n").standard();
  }

  @Test
  void readsEverySection() throws Exception {
    assertEquals(Scope.DOMAIN, sectioned("domain"));
    assertEquals(Scope.BOTH, sectioned("global, domain"));
    assertEquals(Scope.BREAKGLASS, sectioned("offline_breakglass"));
    refused(2, "section \"example.org\" is not known", WHOLE.replace("global", "example.org"));
    refused(2, "section \"\" is not known", WHOLE.replace("section global", "section"));
  }

  private static Scope sectioned(String section) throws Exception {
    return only(WHOLE.replace("global", section)).scope();
  }

  @Test
  void nothingIsNoOption() throws Exception {
    assertEquals(List.of(), parse(""));
    assertEquals(List.of(), parse("\n# a comment\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "A_b", "a b", "a-b", "a.b", "a__b", "_a", "a_", "1a", "größe", "a=b", "a/b", "a#"
      })
  void refusesNamesThatNoConfigurationHas(String name) {
    refused(1, "is not a name of an option", WHOLE.replace("a_b", name));
  }

  @Test
  void refusesNamesOfAnyLength() throws Exception {
    assertEquals("a".repeat(64), only(WHOLE.replace("a_b", "a".repeat(64))).name());
    refused(1, "is not a name of an option", WHOLE.replace("a_b", "a".repeat(65)));
  }

  /** Each would replace a property by which a component or service is found. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "service_pid",
        "component_name",
        "objectclass",
        "osgi_command_scope",
        "himmelblau_hsm_type",
        "set_options"
      })
  void refusesNamesOfProperties(String name) {
    refused(1, "is reserved", WHOLE.replace("a_b", name));
  }

  @Test
  void refusesWhatIsMissing() {
    for (String keyword : List.of("section", "type", "about")) {
      String text = WHOLE.replaceAll("(?m)^" + keyword + ".*\n", "") + "default 1\n";
      refused(2, "option a_b has no " + keyword, "\n" + text);
    }
    refused(4, "about is empty", WHOLE.replace(" Some text", ""));
  }

  @Test
  void refusesWhatIsThereTwice() {
    refused(5, "a second option a_b", WHOLE + WHOLE);
    refused(5, "a second type of a_b", WHOLE + "type string\n");
    refused(6, "either default or default-from", WHOLE + "default 1\ndefault-from a_b\n");
  }

  @Test
  void refusesWhatIsNotKnown() {
    refused(3, "type \"float\" is not known", WHOLE.replace("integer", "float"));
    refused(3, "type \"one-of\" is not known", WHOLE.replace("integer", "one-of"));
    refused(3, "is not known", WHOLE.replace("integer", "one-of Red"));
    refused(5, "\"min\" is not known; a line begins with", WHOLE + "min 3\n");
    refused(1, "\"\" is not known", " " + WHOLE);
    refused(1, "type is before the first option", "type integer\n" + WHOLE);
    refused(1, "\"\ufeffoption\" is not known".replace("\ufeff", "?"), "\ufeff" + WHOLE);
  }

  @Test
  void refusesADefaultOfAnotherType() {
    refused(5, "default \"noon\" is not of the type", WHOLE + "default noon\n");
    refused(5, "default \"\" is not of the type", WHOLE + "default\n");
  }

  @Test
  void takesTheDefaultFromAnOptionOfTheSameKind() throws Exception {
    String other = "option c\nsection global\ntype integer\ndefault-from a_b\nabout More\n";
    assertEquals(Optional.of("a_b"), parse(WHOLE + other).get(1).option().standardFrom());
    assertEquals(
        Optional.of("a_b"), parse(other + WHOLE).get(0).option().standardFrom(), "any order");
    String why = "of c is not an option of this file with the same section and type";
    refused(1, why, other);
    refused(5, why, WHOLE.replace("integer", "string") + other);
    refused(5, why, WHOLE.replace("global", "domain") + other);
    refused(5, why, WHOLE + other.replace("from a_b", "from c"));
  }

  @Test
  void refusesBytesThatAreNotText() {
    byte[] bytes = WHOLE.getBytes(StandardCharsets.ISO_8859_1);
    bytes[bytes.length - 2] = (byte) 0xff;
    DeclarationParser.Refused e =
        assertThrows(DeclarationParser.Refused.class, () -> DeclarationParser.parse(bytes));
    assertEquals("the file is not UTF-8", e.getMessage());
    refused(4, "a control character", WHOLE.replace("Some text", "a\u001b[2J\u0000b"));
  }

  @Test
  void refusesWhatIsTooLarge() throws Exception {
    String rest = "#".repeat(DeclarationParser.MOST_BYTES - WHOLE.length());
    assertEquals(1, parse(WHOLE + rest).size());
    refused(0, "larger than 64 KiB", WHOLE + rest + "#");
    assertEquals(960, only(WHOLE.replace("Some text", "x".repeat(960))).doc().length());
    refused(4, "more than 1000 characters", WHOLE.replace("Some text", "x".repeat(1000)));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < DeclarationParser.MOST_OPTIONS; i++) {
      many.append(WHOLE.replace("a_b", "a_" + i));
    }
    assertEquals(DeclarationParser.MOST_OPTIONS, parse(many.toString()).size());
    refused(4 * DeclarationParser.MOST_OPTIONS + 1, "more than 200 options", many + WHOLE);
  }

  @Test
  void messagesAreOneBearableLine() {
    DeclarationParser.Refused e =
        assertThrows(
            DeclarationParser.Refused.class,
            () -> parse(WHOLE.replace("integer", "\u202e".repeat(900))));
    assertTrue(String.valueOf(e.getMessage()).length() < 300, e.getMessage());
    assertEquals(-1, String.valueOf(e.getMessage()).indexOf('\u202e'));
  }
}
