package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.config.internal.Option.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of the table (host-behaviour 1.4) is there, where it is read from, with its default.
 */
class OptionListTest {
  private static final Path ROOT = Path.of("../../..");
  private static final Path LIST = ROOT.resolve("testing/vectors/config/options.tsv");
  private static final Path MANUAL = ROOT.resolve("distro/man/himmelblau.conf.5");

  static Stream<String> rows() throws IOException {
    return Files.readAllLines(LIST).stream().filter(line -> !line.startsWith("#"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isReadInItsSectionAndHasItsDefault(String row) throws IOException {
    String[] fields = row.split("\t", -1);
    Option option = Options.BY_NAME.get(fields[0]);
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

  @Test
  void whatWeAddIsInTheManualToo() throws IOException {
    Set<String> ours = new TreeSet<>(Options.BY_NAME.keySet());
    rows().map(row -> row.split("\t", -1)[0]).forEach(ours::remove);
    String manual = Files.readString(MANUAL);
    assertTrue(
        ours.stream().allMatch(name -> manual.contains(".B " + name + "\n")), ours::toString);
  }
}
