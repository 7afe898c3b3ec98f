package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {
  private static final String DOMAIN = "[global]\ndomain = example.org\n";

  @TempDir Path root;
  private ConfigFixture places;

  @BeforeEach
  void places() {
    places = new ConfigFixture(root);
  }

  private Object shell() throws ConfigException {
    return places.read().global().get("shell");
  }

  @Test
  void onlyTheHighestMainFileIsRead() throws Exception {
    places.put(places.vendor(), DOMAIN + "shell = /bin/vendor\napp_id = vendor\n");
    assertEquals("/bin/vendor", shell());
    places.put(places.ephemeral(), DOMAIN + "shell = /bin/run\n");
    assertEquals("/bin/run", shell());
    places.put(places.administrator(), DOMAIN);
    assertEquals("/bin/bash", shell());
    assertNull(places.read().global().get("app.id"));
  }

  @Test
  void dropInsLieOverTheMainFileInTheOrderOfTheirNames() throws Exception {
    places.put(places.administrator(), DOMAIN + "shell = /bin/main\nhome_prefix = /main/\n");
    places.dropIn(places.administrator(), "10-a.conf", "[global]\nshell = /bin/10\n");
    places.dropIn(places.vendor(), "20-b.conf", "[global]\nshell = /bin/20\n");
    assertEquals("/bin/20", shell());
    places.dropIn(places.ephemeral(), "Z.conf", "[global]\nshell = /bin/Z\n");
    assertEquals("/bin/Z", shell(), "bytes, so Z after digits");
    places.dropIn(places.ephemeral(), "a.conf", "[global]\nshell = /bin/a\n");
    assertEquals("/bin/a", shell(), "bytes, so a after Z");
    assertEquals("/main/", places.read().global().get("home.prefix"));
  }

  @Test
  void aDropInReplacesItsNamesakeOfALowerLayer() throws Exception {
    places.put(places.vendor(), DOMAIN);
    places.dropIn(places.vendor(), "50.conf", "[global]\nshell = /bin/v\napp_id = v\n");
    places.dropIn(places.administrator(), "50.conf", "[global]\nshell = /bin/a\n");
    assertEquals("/bin/a", shell());
    assertNull(places.read().global().get("app.id"));
  }

  @Test
  void anEmptyOrNullMainFileHidesThoseBelow() throws Exception {
    places.put(places.vendor(), DOMAIN + "shell = /bin/vendor\n");
    places.dropIn(places.vendor(), "10.conf", DOMAIN);
    places.put(places.administrator(), "");
    assertEquals("/bin/bash", shell());
    Files.delete(places.administrator());
    Files.createSymbolicLink(places.administrator(), Path.of("/dev/null"));
    assertEquals("/bin/bash", shell());
  }

  @Test
  void aDanglingMainLinkExistsAndIsAnError() throws Exception {
    places.put(places.vendor(), DOMAIN);
    Files.createDirectories(places.administrator().getParent());
    Files.createSymbolicLink(places.administrator(), root.resolve("nowhere"));
    ConfigException e = assertThrows(ConfigException.class, () -> places.read());
    assertTrue(e.getMessage().contains(places.administrator().toString()), e.getMessage());
  }

  @Test
  void aNullDropInMasksItsNamesake() throws Exception {
    places.put(places.vendor(), DOMAIN);
    places.dropIn(places.vendor(), "50.conf", "[global]\nshell = /bin/v\n");
    Path mask = Layers.dropIns(places.administrator()).resolve("50.conf");
    Files.createDirectories(mask.getParent());
    Files.createSymbolicLink(mask, Path.of("/dev/null"));
    assertEquals("/bin/bash", shell());
    Files.delete(mask);
    Files.createFile(mask);
    assertEquals("/bin/bash", shell());
  }

  @Test
  void otherNamesDirectoriesAndDanglingLinksAreNoDropIns() throws Exception {
    places.put(places.administrator(), DOMAIN);
    Path directory = Layers.dropIns(places.administrator());
    places.dropIn(places.administrator(), "10.conf.rpmsave", "[global]\nshell = /bin/no\n");
    places.dropIn(places.administrator(), "10.txt", "[global]\nshell = /bin/no\n");
    places.dropIn(places.administrator(), ".conf", "[global]\nshell = /bin/no\n");
    Files.createDirectories(directory.resolve("20.conf"));
    Files.createSymbolicLink(directory.resolve("30.conf"), root.resolve("nowhere"));
    assertEquals("/bin/bash", shell());
    Path real = places.put(root.resolve("elsewhere"), "[global]\nshell = /bin/linked\n");
    Files.createSymbolicLink(directory.resolve("40.conf"), real);
    assertEquals("/bin/linked", shell());
  }

  @Test
  void whatTheDaemonWroteComesLastButMaySetLittle() throws Exception {
    places.put(places.administrator(), DOMAIN + "[example.org]\ntenant_id = old\n");
    places.put(
        places.written(),
        """
        [global]
        shell = /bin/evil
        debug = true
        [example.org]
        tenant_id = new
        device_id = d
        pam_allow_groups = everyone
        [other.example]
        shell = /bin/evil
        """);
    EffectiveConfig effective = places.read();
    assertEquals("/bin/bash", effective.global().get("shell"));
    assertEquals(false, effective.global().get("debug"));
    assertNull(effective.global().get("pam.allow.groups"));
    assertEquals(List.of("example.org"), List.copyOf(effective.domains().keySet()));
    assertEquals("new", effective.domains().get("example.org").get("tenant.id"));
    assertEquals("d", effective.domains().get("example.org").get("device.id"));
    assertEquals(4, effective.warnings().size());
  }

  @Test
  void sectionsOfSeveralFilesAreOneWhateverTheirCase() throws Exception {
    places.put(
        places.administrator(),
        "[Global]\nDomain = example.org\nshell = /bin/1\nSHELL = /bin/2\n[Example.ORG]\n"
            + "home_prefix = /1/\n[GLOBAL]\napp_id = a\n[example.org]\nHome_Prefix = /2/\n");
    places.dropIn(places.vendor(), "10.conf", "[EXAMPLE.org]\nhome_attr = CN\n");
    EffectiveConfig effective = places.read();
    assertEquals("/bin/2", effective.global().get("shell"));
    assertEquals("a", effective.global().get("app.id"));
    assertEquals(List.of("example.org"), List.copyOf(effective.domains().keySet()));
    assertEquals("/2/", effective.domains().get("example.org").get("home.prefix"));
    assertEquals("cn", effective.domains().get("example.org").get("home.attr"));
    assertEquals(List.of(), effective.warnings());
  }

  @Test
  void dropInsAreReadWithoutAnyMainFile() throws Exception {
    places.dropIn(places.vendor(), "10.conf", DOMAIN + "shell = /bin/10\n");
    places.dropIn(places.ephemeral(), "20.conf", "[global]\nshell = /bin/20\n");
    assertEquals("/bin/20", shell());
  }

  @Test
  void linksLeadToFilesButOnlyTheLiteralOneMasks() throws Exception {
    Path real = places.put(root.resolve("real"), DOMAIN + "shell = /bin/linked\n");
    Files.createDirectories(places.administrator().getParent());
    Files.createSymbolicLink(places.administrator(), root.resolve("second"));
    Files.createSymbolicLink(root.resolve("second"), real);
    assertEquals("/bin/linked", shell());
    places.dropIn(places.vendor(), "10.conf", "[global]\nshell = /bin/vendor\n");
    Path dropIns = Files.createDirectories(Layers.dropIns(places.administrator()));
    Files.createSymbolicLink(dropIns.resolve("10.conf"), Path.of("/dev/../dev/null"));
    assertEquals("/bin/vendor", shell(), "neither a regular file nor the mask: no drop-in");
    Files.createFile(root.resolve("empty"));
    Files.delete(dropIns.resolve("10.conf"));
    Files.createSymbolicLink(dropIns.resolve("10.conf"), root.resolve("empty"));
    assertEquals("/bin/linked", shell(), "an empty file behind a link says nothing, and replaces");
  }

  @Test
  void somethingThatIsNotAFileIsAnErrorAndDoesNotBlock() throws Exception {
    Path main = places.administrator();
    Files.createDirectories(main);
    refused(main + ": not a regular file");
    Files.delete(main);
    assertEquals(0, new ProcessBuilder("mkfifo", main.toString()).start().waitFor());
    refused(main + ": not a regular file");
    Files.delete(main);
    places.put(main, DOMAIN + "# " + "x".repeat(1 << 20) + "\n");
    refused(main + ": larger than 1 MiB");
    Files.writeString(main, DOMAIN + "# " + "x".repeat((1 << 20) - 100) + "\n");
    assertEquals("/bin/bash", shell());
  }

  private void refused(String beginning) {
    ConfigException e = assertThrows(ConfigException.class, () -> places.read());
    assertTrue(e.getMessage().startsWith(beginning), e.getMessage());
  }

  @Test
  void nothingAtAllIsRefused() {
    ConfigException e = assertThrows(ConfigException.class, () -> places.read());
    assertTrue(e.getMessage().startsWith("No configuration found"), e.getMessage());
  }

  @Test
  void aDropInAloneIsEnough() throws Exception {
    places.dropIn(places.administrator(), "10.conf", DOMAIN);
    assertEquals("example.org", places.read().global().get("domain"));
  }

  @Test
  void anErrorInAnyLayerIsFatalAndNamesThePlace() throws Exception {
    places.put(places.administrator(), DOMAIN);
    Path bad = places.dropIn(places.vendor(), "10.conf", "[global]\n[broken\n");
    ConfigException e = assertThrows(ConfigException.class, () -> places.read());
    assertTrue(e.getMessage().startsWith(bad + ":2: "), e.getMessage());
  }

  @Test
  void anExplicitFileIsTheOnlyOne() {
    Path explicit = root.resolve("mine.conf");
    assertEquals(List.of(explicit), Layers.of(Optional.of(explicit)).mains());
    assertEquals(3, Layers.of(Optional.of(Layers.ADMINISTRATOR)).mains().size());
    assertEquals(root.resolve("mine.conf.d"), Layers.dropIns(explicit));
  }
}
