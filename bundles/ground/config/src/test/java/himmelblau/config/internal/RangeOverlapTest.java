package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeOverlapTest {
  private static final String TWO = "[global]\ndomain = a.org, b.org\napp_id = x\n";
  private static final String ONE_RANGE = "idmap_range = 300000-399999\n";
  private static final String APART = "idmap_range = 2000300000-2000399999\n";

  @TempDir Path root;
  private ConfigFixture host;

  @BeforeEach
  void host() {
    host = new ConfigFixture(root);
  }

  private EffectiveConfig read(String text) throws IOException, ConfigException {
    host.put(host.administrator(), text);
    return reader().read();
  }

  private ConfigReader reader() {
    return new ConfigReader(host.layers(), Map.of(), ShippedOptions::catalog);
  }

  private static String issuer(String name) {
    return "oidc_issuer_url = https://" + name + ".example/\n";
  }

  private static List<String> sentences(EffectiveConfig effective) {
    return RangeOverlap.in(effective).stream().map(RangeOverlap::sentence).toList();
  }

  @Test
  void saysWhereWhatAndWhatToDo() throws Exception {
    EffectiveConfig effective =
        read(
            TWO
                + "[a.org]\nidmap_range = 300000-399999\n[b.org]\nshell = /bin/sh\n"
                + "idmap_range = 399999-500000\n");
    List<String> expected =
        List.of(
            host.administrator()
                + ":8: idmap_range = 399999-500000 of [b.org] overlaps 300000-399999 of [a.org]:"
                + " users of both would have the same ids. Give [b.org] an idmap_range of its own.");
    assertEquals(expected, sentences(effective));
    assertEquals(expected, effective.problems(), "the daemon starts, and says so");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // of one directory, as far as the options say
        "",
        "[a.org]\ntenant_id = one\n",
        "[a.org]\ntenant_id = one\n[b.org]\ntenant_id = ONE\n",
        "oidc_issuer_url = https://id.example/\n",
        "domain_kind = roster\n",
        // no issuer, so no users
        "[b.org]\noidc_issuer_url = http://b.example/\n",
        // next to each other
        "[a.org]\nidmap_range = 300000-399999\n[b.org]\nidmap_range = 400000-499999\n",
        "[b.org]\nidmap_range = 2000200001-2000299999\noidc_issuer_url = https://b.example/\n"
      })
  void whatMayBeRightIsTaken(String more) throws Exception {
    assertEquals(List.of(), sentences(read(TWO + more)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // of one directory or two: never right
        "[b.org]\nidmap_range = 300000-399999\n",
        "[a.org]\ntenant_id = one\n[b.org]\ntenant_id = one\nidmap_range = 300000-399999\n",
        // two directories with the range of [global], or its default
        "[a.org]\ntenant_id = one\n[b.org]\ntenant_id = two\n",
        "idmap_range = 300000-399999\n[b.org]\noidc_issuer_url = https://b.example/\n",
        "[b.org]\noidc_issuer_url = https://b.example/\n",
        "oidc_issuer_url = https://id.example/\n[b.org]\ndomain_kind = entra\n",
        "[b.org]\ndomain_kind = roster\n",
        "[a.org]\noidc_issuer_url = https://a.example/\n[b.org]\noidc_issuer_url = https://b.example/\n"
      })
  void whatCannotBeRightIsRefused(String more) throws Exception {
    List<String> found = sentences(read(TWO + more));
    assertEquals(1, found.size(), found::toString);
    assertTrue(found.getFirst().startsWith(host.administrator() + ":"), found::toString);
  }

  @Test
  void eachDomainIsToldOnce() throws Exception {
    List<String> found =
        sentences(
            read(
                "[global]\ndomain = a.org, b.org, c.org\napp_id = x\n"
                    + ("[a.org]\n" + issuer("a") + ONE_RANGE)
                    + ("[b.org]\n" + issuer("b") + ONE_RANGE)
                    + ("[c.org]\n" + issuer("c") + ONE_RANGE)));
    assertEquals(2, found.size(), found::toString);
  }

  @Test
  void aChangeMakesNoneAndOneThatIsThereKeepsNoOtherChangeAway() throws Exception {
    EffectiveConfig apart = read(TWO + "[b.org]\n" + issuer("b") + APART);
    EffectiveConfig overlap = read(TWO + "[b.org]\n" + issuer("b"));
    EffectiveConfig moved = read(TWO + "\n# one line further down\n[b.org]\n" + issuer("b"));
    ConfigException refused =
        assertThrows(ConfigException.class, () -> RangeOverlap.requireNoneNew(apart, overlap));
    assertTrue(refused.getMessage().startsWith(host.administrator() + ":5: idmap_range"));
    assertThrows(ConfigException.class, () -> RangeOverlap.requireNoneNew(null, overlap));
    assertDoesNotThrow(() -> RangeOverlap.requireNoneNew(overlap, moved));
    assertDoesNotThrow(() -> RangeOverlap.requireNoneNew(overlap, apart));
    EffectiveConfig other = read(TWO + "[b.org]\n" + issuer("b") + "idmap_range = 300000-399999\n");
    assertThrows(ConfigException.class, () -> RangeOverlap.requireNoneNew(overlap, other));
  }

  @Test
  void theCheckBeforeAStartFails() throws Exception {
    read(TWO + "[b.org]\n" + issuer("b"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      assertEquals(1, ConfigCheck.run(reader(), out));
    }
    String last = said.toString(StandardCharsets.UTF_8).lines().toList().getLast();
    assertTrue(
        last.startsWith("himmelblaud: the configuration is not valid. " + host.administrator()),
        last);
    read(TWO + "[b.org]\n" + issuer("b") + APART);
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      assertEquals(0, ConfigCheck.run(reader(), out));
    }
  }

  @Test
  void theCheckOfAFileFails() throws Exception {
    byte[] text = (TWO + "[b.org]\n" + issuer("b")).getBytes(StandardCharsets.UTF_8);
    Path file = Path.of("/root/new.conf");
    Candidate found = reader().check(new CandidateFile(file, text));
    assertEquals(1, found.errors().size(), found::toString);
    assertTrue(found.errors().getFirst().startsWith(file + ":5: idmap_range"), found::toString);
  }
}
