package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.config.internal.Option.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of the table (host-behaviour 1.4) is there, where it is read from, with its default.
 */
class OptionListTest {
  private static final Path LIST =
      ShippedOptions.ROOT.resolve("testing/vectors/config/options.tsv");
  private static final Path MANUAL = ShippedOptions.ROOT.resolve("distro/man/himmelblau.conf.5");

  private static final Map<String, Option> OPTIONS = ShippedOptions.catalog().main();

  static Stream<String> rows() throws IOException {
    return Files.readAllLines(LIST).stream().filter(line -> !line.startsWith("#"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isReadInItsSectionAndHasItsDefault(String row) throws IOException {
    String[] fields = row.split("\t", -1);
    Option option = OPTIONS.get(fields[0]);
    assertNotNull(option, fields[0]);
    Set<Scope> scopes =
        switch (fields[1]) {
          case "G" -> Set.of(Scope.GLOBAL, Scope.BOTH); // reading more is no harm
          case "D" -> Set.of(Scope.DOMAIN, Scope.BOTH);
          case "G/D" -> Set.of(Scope.BOTH);
          case "sum" -> Set.of(Scope.SUM);
          default -> throw new IllegalArgumentException(row);
        };
    assertTrue(scopes.contains(option.scope()), row + " is " + option.scope());
    String standard = fields.length > 3 ? fields[3] : fields[2];
    assertEquals(standard, option.standard().map(OptionListTest::text).orElse("-"), row);
    assertTrue(
        Files.readString(MANUAL).contains(".B " + fields[0] + "\n"), "the manual: " + fields[0]);
  }

  private static String text(Object value) {
    return value instanceof String[] items ? String.join(",", items) : String.valueOf(value);
  }

  /** One place for the default: the declaration, and nothing beside it in the code. */
  @Test
  void aBundleReadsWhatItDeclaresAndHasNoSecondDefault() throws Exception {
    assertFalse(ShippedOptions.bundles().isEmpty());
    for (Path bundle : ShippedOptions.bundles()) {
      String code = code(bundle);
      byte[] declarations = ShippedOptions.read(ShippedOptions.declarations(bundle));
      for (Declaration declaration : DeclarationParser.parse(declarations)) {
        Option option = declaration.option();
        Matcher method =
            Pattern.compile("\\b" + option.name() + "\\(\\)( default )?").matcher(code);
        assertTrue(method.find(), bundle + " declares and does not read " + option.name());
        assertTrue(
            option.standard().isEmpty() || method.group(1) == null,
            bundle + ": the default of " + option.name() + " is in the code, too");
      }
    }
  }

  /** The components of a bundle. */
  private static String code(Path bundle) throws IOException {
    StringBuilder code = new StringBuilder();
    try (Stream<Path> files =
        Files.find(bundle.resolve("src/main/java"), 20, (p, a) -> a.isRegularFile())) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        if (text.contains("@ObjectClassDefinition")) {
          code.append(text);
        }
      }
    }
    return code.toString();
  }

  @Test
  void whatWeAddIsInTheManualToo() throws IOException {
    Set<String> ours = new TreeSet<>(OPTIONS.keySet());
    rows().map(row -> row.split("\t", -1)[0]).forEach(ours::remove);
    String manual = Files.readString(MANUAL);
    assertTrue(
        ours.stream().allMatch(name -> manual.contains(".B " + name + "\n")), ours::toString);
  }
}
