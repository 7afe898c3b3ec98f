package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of bundles beside those of the core, and what the configuration makes of them. */
class OptionCatalogTest {
  private static final String HOUR =
      "option acme_hour\nsection global\ntype integer\ndefault 12\nabout The hour\n";
  private static final String URL =
      "option acme_url\nsection domain\ntype string\ndefault none\nabout The server\n";

  @TempDir Path root;
  private ConfigFixture places;

  @BeforeEach
  void places() {
    places = new ConfigFixture(root);
  }

  private static DeclarationFile file(String bundle, String text) {
    return new DeclarationFile(bundle, () -> text.getBytes(StandardCharsets.UTF_8));
  }

  private static OptionCatalog with(DeclarationFile... files) {
    return OptionCatalog.of(
        Stream.concat(ShippedOptions.files().stream(), Stream.of(files)).toList());
  }

  private EffectiveConfig read(String text, OptionCatalog options) throws Exception {
    places.put(places.administrator(), "[global]\ndomain = example.org\n" + text);
    return places.read(options);
  }

  @Test
  void aDeclaredOptionIsKnownTypedAndHasItsDefault() throws Exception {
    OptionCatalog options = with(file("acme 1.0", HOUR));
    assertEquals(12, read("", options).global().get("acme.hour"));
    EffectiveConfig effective = read("acme_hour = 14\n", options);
    assertEquals(14, effective.global().get("acme.hour"));
    assertEquals(14, effective.domains().get("example.org").get("acme.hour"));
    assertEquals(List.of(), effective.warnings());
    assertEquals(List.of(), effective.problems());
  }

  @Test
  void aValueOfAnotherTypeIsReportedAndTheDefaultCounts() throws Exception {
    EffectiveConfig effective = read("acme_hour = noon\n", with(file("acme 1.0", HOUR)));
    assertEquals(12, effective.global().get("acme.hour"));
    assertEquals(1, effective.problems().size());
    assertTrue(
        effective
            .problems()
            .get(0)
            .contains("himmelblau.conf:3: acme_hour = \"noon\" is not valid"),
        effective.problems().get(0));
  }

  @Test
  void withoutItsBundleTheOptionIsNotKnown() throws Exception {
    EffectiveConfig effective = read("acme_hour = 14\n", with());
    assertEquals("14", effective.global().get("acme.hour"), "as text");
    assertTrue(effective.warnings().get(0).endsWith(":3: unknown option acme_hour"));
  }

  @Test
  void theWarningSaysWhichRemovedBundleHadTheOption() throws Exception {
    OptionCatalog options = with().withOwners(with(file("acme 1.0", HOUR)).owners());
    EffectiveConfig effective = read("acme_hour = 14\n", options);
    assertTrue(
        effective
            .warnings()
            .get(0)
            .endsWith(
                ": unknown option acme_hour; the bundle acme 1.0 declared it, and was removed or"
                    + " updated"),
        effective.warnings().toString());
  }

  @Test
  void theRootHelperLeavesUnknownOptionsToTheDaemon() throws Exception {
    OptionCatalog options = OptionCatalog.of(List.of()).withComplete(false);
    EffectiveConfig effective =
        read("app_id = x\n[example.org]\ntenant_id = x\n[offline_breakglass]\nttl = 1h\n", options);
    assertEquals(List.of(), effective.warnings());
    assertEquals(List.of(), effective.problems());
  }

  @Test
  void anOptionOfADomainHasItsDefaultInEachDomain() throws Exception {
    EffectiveConfig effective =
        read("[b.example]\nacme_url = https://b.example\n", with(file("acme 1.0", URL)));
    assertFalse(effective.global().containsKey("acme.url"));
    assertEquals("none", effective.domains().get("example.org").get("acme.url"));
    assertEquals("https://b.example", effective.domains().get("b.example").get("acme.url"));
    assertEquals(List.of(), effective.warnings());
  }

  @Test
  void theSectionOfBreakglassHasNamesOfItsOwn() throws Exception {
    String ours =
        "option acme_enabled\nsection offline_breakglass\ntype boolean\ndefault true\nabout Use it\n"
            + "option acme_used\nsection offline_breakglass\ntype boolean\ndefault-from"
            + " acme_enabled\nabout Use it\n"
            + "option debug\nsection offline_breakglass\ntype string\nabout Some text\n";
    OptionCatalog options = with(file("acme 1.0", ours));
    assertEquals(List.of(), options.problems());
    EffectiveConfig effective =
        read("[offline_breakglass]\nacme_enabled = false\ndebug = x\n", options);
    assertEquals(false, effective.breakglass().get("acme.enabled"));
    assertEquals(false, effective.breakglass().get("acme.used"));
    assertEquals("x", effective.breakglass().get("debug"));
    assertEquals(false, effective.global().get("debug"));
    assertEquals(List.of(), effective.warnings());
  }

  @Test
  void ofTwoBundlesTheFirstCounts() throws Exception {
    OptionCatalog options =
        with(file("acme 1.0", HOUR), file("other 2.0", URL + HOUR.replace("12", "13")));
    EffectiveConfig effective = read("", options);
    assertEquals(12, effective.global().get("acme.hour"));
    assertEquals("none", effective.domains().get("example.org").get("acme.url"));
    assertEquals(
        List.of(
            "bundle other 2.0, OSGI-INF/himmelblau.options:6: acme_hour is already an option of the"
                + " bundle acme 1.0. The declaration of other 2.0 is not used."),
        effective.problems());
  }

  @Test
  void noBundleTakesAnOptionOfTheCoreOver() throws Exception {
    for (Option core : OptionCatalog.CORE) {
      OptionCatalog options = with(file("acme 1.0", HOUR.replace("acme_hour", core.name())));
      assertEquals(core, options.main().get(core.name()));
      assertEquals(1, options.problems().size());
      assertTrue(
          options.problems().get(0).contains(" is already an option of himmelblaud itself. "),
          options.problems().toString());
    }
  }

  @Test
  void oneErrorRefusesAllThatABundleDeclaresAndNothingElse() throws Exception {
    OptionCatalog options =
        with(file("bad 1.0", URL + "option x\n"), file("acme 1.0", HOUR), broken("gone 1.0"));
    EffectiveConfig effective = read("[example.org]\nacme_url = x\n", options);
    assertEquals(12, effective.global().get("acme.hour"));
    assertTrue(effective.warnings().get(0).contains("unknown option acme_url"));
    assertEquals(
        List.of(
            "bundle bad 1.0, OSGI-INF/himmelblau.options:6: option x has no about. No option that"
                + " this bundle declares is used.",
            "bundle gone 1.0, OSGI-INF/himmelblau.options: cannot be read:"
                + " java.util.zip.ZipException: not a jar. No option that this bundle declares is"
                + " used."),
        effective.problems());
  }

  private static DeclarationFile broken(String bundle) {
    return new DeclarationFile(
        bundle,
        () -> {
          throw new java.util.zip.ZipException("not a jar");
        });
  }

  @Test
  void aFileIsReadUpToItsLimitWhateverTheJarSays() throws IOException {
    byte[] read =
        DeclarationFile.limited(
            new java.io.InputStream() {
              @Override
              public int read() {
                return '#';
              }
            });
    assertEquals(DeclarationParser.MOST_BYTES + 1, read.length);
    DeclarationFile endless = new DeclarationFile("acme 1.0", () -> read);
    assertTrue(OptionCatalog.of(List.of(endless)).problems().get(0).contains("larger than 64 KiB"));
  }

  @Test
  void aListHasItsItems() throws Exception {
    String list = "option acme_days\nsection global\ntype list\nabout Days\n";
    Map<String, Object> global =
        read("acme_days = mon, tue\n", with(file("acme 1.0", list))).global();
    assertArrayEquals(new String[] {"mon", "tue"}, (Object[]) global.get("acme.days"));
  }
}
