package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Version;

class InstalledDeclarationsTest {
  private static final String HOUR =
      "option acme_hour\nsection global\ntype integer\nabout The hour\n";
  private static final OptionCatalog.Key KEY = new OptionCatalog.Key(false, "acme_hour");

  @TempDir Path root;
  private final List<Bundle> bundles = new ArrayList<>();
  private final InstalledDeclarations declarations =
      new InstalledDeclarations(
          (BundleContext)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {BundleContext.class},
                  (proxy, method, arguments) ->
                      switch (method.getName()) {
                        case "getBundles" -> bundles.toArray(Bundle[]::new);
                        default -> throw new UnsupportedOperationException(method.getName());
                      }),
          true);

  /** A bundle with these declarations; null: with none. */
  private Bundle bundle(long id, @Nullable String name, @Nullable String text) throws IOException {
    Path file = root.resolve(id + ".options");
    if (text != null) {
      Files.writeString(file, text);
    }
    return (Bundle)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Bundle.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getBundleId" -> id;
                  case "getSymbolicName" -> name;
                  case "getVersion" -> new Version("1.2.3");
                  case "getLocation" -> "file:/" + id + ".jar";
                  case "getEntry" -> entry((Bundle) proxy, String.valueOf(arguments[0]), file);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private @Nullable URL entry(Bundle bundle, String path, Path file) throws MalformedURLException {
    if (bundles.stream().noneMatch(installed -> installed == bundle)) {
      throw new IllegalStateException("not installed");
    }
    assertEquals(DeclarationFile.PATH, path);
    return Files.exists(file) ? file.toUri().toURL() : null;
  }

  @Test
  void aBundleThatWasRemovedIsStillNamed() throws Exception {
    Bundle plugin = bundle(7, "example.acme", HOUR);
    bundles.add(plugin);
    assertTrue(declarations.get().main().containsKey("acme_hour"));
    bundles.clear();
    OptionCatalog after = declarations.get();
    assertFalse(after.main().containsKey("acme_hour"));
    assertEquals("example.acme 1.2.3", after.owners().get(KEY));
  }

  @Test
  void onlyBundlesWithDeclarationsConcern() throws Exception {
    Bundle plugin = bundle(7, "example.acme", HOUR);
    Bundle plain = bundle(8, "example.plain", null);
    bundles.addAll(List.of(plugin, plain));
    assertTrue(declarations.concerns(new BundleEvent(BundleEvent.INSTALLED, plugin)));
    assertTrue(declarations.concerns(new BundleEvent(BundleEvent.UPDATED, plugin)));
    assertFalse(declarations.concerns(new BundleEvent(BundleEvent.STARTED, plugin)));
    assertFalse(declarations.concerns(new BundleEvent(BundleEvent.INSTALLED, plain)));
    declarations.get();
    bundles.clear();
    assertTrue(declarations.concerns(new BundleEvent(BundleEvent.UNINSTALLED, plugin)));
    assertFalse(declarations.concerns(new BundleEvent(BundleEvent.UNINSTALLED, plain)));
  }

  @Test
  void aBundleWithoutANameIsNamedByItsPlaceInOneLine() throws Exception {
    bundles.add(bundle(7, null, HOUR + "bad\n"));
    bundles.add(bundle(8, "x\ny".repeat(200), HOUR + "bad\n"));
    List<String> problems = declarations.get().problems();
    assertTrue(problems.get(0).startsWith("bundle file:/7.jar, OSGI-INF/himmelblau.options:5: "));
    assertTrue(problems.get(1).length() < 400 && !problems.get(1).contains("\n"));
    assertEquals(Map.of(), declarations.get().owners());
  }
}
