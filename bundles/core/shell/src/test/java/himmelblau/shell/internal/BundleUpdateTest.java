package himmelblau.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** In a framework of its own; below a folder that only root can write to. */
@Timeout(60)
class BundleUpdateTest {
  private static final String NAME = "example.push";

  private Path root;
  private Path folder;
  private Framework framework;
  private BundleContext context;
  private Bundle old;
  private Optional<String> wrong = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
    root = Files.createTempDirectory(Path.of("/var/lib"), "himmelblau-test");
    folder = Files.createDirectories(root.resolve("above/plugins"));
    for (Path path : List.of(root, folder.getParent(), folder)) {
      mode(path, "rwxr-xr-x");
    }
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    root.resolve("cache").toString(),
                    Constants.FRAMEWORK_STORAGE_CLEAN,
                    Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
    framework.start();
    context = framework.getBundleContext();
    old = context.installBundle(jar("old.jar", NAME, "1.0.0", "").toUri().toString());
    old.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (framework != null) {
      framework.stop();
      framework.waitForStop(10_000);
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private Path jar(String file, String name, String version, String activator) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!name.isEmpty()) {
      main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
      main.putValue(Constants.BUNDLE_SYMBOLICNAME, name + ";singleton:=true");
      main.putValue(Constants.BUNDLE_VERSION, version);
    }
    if (!activator.isEmpty()) {
      main.putValue(Constants.BUNDLE_ACTIVATOR, activator);
    }
    Path jar = folder.resolve(file);
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    mode(jar, "rw-r--r--");
    return jar;
  }

  private String update(Path file) throws PluginRefused {
    return new BundleUpdate(context, bundle -> wrong).run(bundle(), file);
  }

  private String refused(Path file) {
    return String.valueOf(assertThrows(PluginRefused.class, () -> update(file)).getMessage());
  }

  private Bundle bundle() {
    List<Bundle> found =
        Arrays.stream(context.getBundles())
            .filter(bundle -> NAME.equals(bundle.getSymbolicName()))
            .toList();
    assertEquals(1, found.size(), found.toString());
    return found.getFirst();
  }

  private void unchanged() {
    assertEquals(old, bundle());
    running("1.0.0");
  }

  private void running(String version) {
    assertEquals(version, bundle().getVersion().toString());
    assertEquals(Bundle.ACTIVE, bundle().getState());
  }

  @Test
  void theNewVersionRunsAlsoWhenItsFileIsGone() throws Exception {
    Path file = jar("new.jar", NAME, "2.0.0", "");
    assertTrue(update(file).startsWith("example.push 1.0.0 was replaced by 2.0.0"));
    running("2.0.0");
    Files.delete(file);
    update(jar("newer.jar", NAME, "2.0.0", "")); // the same number: what authors do all day
    running("2.0.0");
    Files.delete(folder.resolve("old.jar"));
    String why = refused(jar("bad.jar", NAME, "4.0.0", "no.such.Activator"));
    assertTrue(why.contains("example.push 2.0.0 is back"), why);
    running("2.0.0");
  }

  @Test
  void whatDoesNotStartIsUndone() throws Exception {
    String why = refused(jar("new.jar", NAME, "2.0.0", "no.such.Activator"));
    assertTrue(why.contains("no.such.Activator"), why);
    assertTrue(why.endsWith("example.push 1.0.0 is back."), why);
    running("1.0.0");
    wrong = Optional.of("push failed: no answer");
    assertTrue(refused(jar("other.jar", NAME, "3.0.0", "")).contains("push failed: no answer"));
    running("1.0.0");
  }

  @Test
  void otherFilesAreRefusedAndNothingChanges() throws Exception {
    assertTrue(
        refused(jar("a.jar", "example.other", "2", "")).contains("is the bundle example.other"));
    assertTrue(refused(jar("b.jar", "", "2", "")).contains("is not a bundle"));
    Path text = Files.writeString(folder.resolve("c.jar"), "text");
    mode(text, "rw-r--r--");
    assertTrue(refused(text).contains("is not a jar"));
    assertTrue(refused(folder.resolve("absent.jar")).contains("is not there for the daemon"));
    assertTrue(refused(folder).contains("is not a regular file"));
    assertTrue(refused(Path.of("new.jar")).contains("whole path"));
    Path pipe = folder.resolve("pipe.jar");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTrue(refused(pipe).contains("is not a regular file"));
    unchanged();
  }

  @Test
  void neitherTheJarNorAnyFolderAboveMayBeWritableByOthers() throws Exception {
    Path file = jar("new.jar", NAME, "2.0.0", "");
    for (Path path : List.of(file, folder, folder.getParent(), root)) {
      for (String writable : List.of("rwxrwxr-x", "rwxr-xrwx")) {
        mode(path, writable);
        assertTrue(refused(file).startsWith(path + " must belong to root"), path + writable);
      }
      mode(path, "rwxr-xr-x");
      Files.setAttribute(path, "unix:uid", 4711);
      assertTrue(refused(file).startsWith(path + " must belong to root"), path.toString());
      Files.setAttribute(path, "unix:uid", 0);
    }
    unchanged();
  }

  /** What it leads to may be replaced by whoever can write to the folder of that. */
  @Test
  void aLinkIsNotTakenForAJar() throws Exception {
    Path file = jar("new.jar", NAME, "2.0.0", "");
    Path link = Files.createSymbolicLink(folder.resolve("link.jar"), file);
    assertTrue(refused(link).contains("is not a regular file"));
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Files.move(file, elsewhere.resolve("new.jar"));
    mode(elsewhere, "rwxrwxrwx");
    Path folderLink = Files.createSymbolicLink(root.resolve("way"), elsewhere);
    assertTrue(refused(folderLink.resolve("new.jar")).startsWith(elsewhere + " must belong"));
    unchanged();
  }

  @Test
  void withoutAWayBackNothingIsTried() throws Exception {
    assertTrue(refused(folder.resolve("old.jar")).contains("Put the new one beside it"));
    Path file = jar("new.jar", NAME, "2.0.0", "");
    Files.delete(folder.resolve("old.jar"));
    assertTrue(refused(file).contains("could not come back"));
    unchanged();
  }
}
