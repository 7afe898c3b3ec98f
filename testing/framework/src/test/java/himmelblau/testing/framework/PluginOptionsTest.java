package himmelblau.testing.framework;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** A plug-in with an option of its own comes to a running daemon, is updated and goes. */
class PluginOptionsTest {
  private static final String POLICY = "himmelblau.api.breakglass.BreakglassPolicy";
  private static final String OPTION =
      "option acme_hour\nsection global\ntype integer\ndefault %d\nabout The hour\n";

  /** Its service has the configuration as its properties. */
  private static final String COMPONENT =
      """
      <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="example.acme"
          configuration-pid="himmelblau.global" configuration-policy="require" immediate="true">
        <implementation class="java.lang.Object"/>
        <service><provide interface="java.lang.Object"/></service>
        <property name="of" value="%s"/>
      </scr:component>
      """;

  @TempDir static Path home;
  private static RunningDaemon daemon;
  private @Nullable Bundle plugin;

  @BeforeAll
  static void start() throws Exception {
    daemon =
        RunningDaemon.start(
            home,
            """
            [global]
            domain = example.onmicrosoft.com
            db_path = %1$s/db
            socket_path = %1$s/socket
            task_socket_path = %1$s/task_sock
            broker_socket_path = %1$s/broker_sock
            pkcs11_slot = 3
            acme_unused = x
            [offline_breakglass]
            enabled = true
            """
                .formatted(home));
  }

  @AfterAll
  static void stop() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
  }

  @AfterEach
  void uninstall() throws BundleException {
    if (plugin != null && plugin.getState() != Bundle.UNINSTALLED) {
      plugin.uninstall();
    }
  }

  private static Path jar(String name, Map<String, String> entries) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    main.putValue(Constants.BUNDLE_SYMBOLICNAME, "example." + name);
    main.putValue("Service-Component", "OSGI-INF/component.xml");
    Path jar = home.resolve(name + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private static Path plugin(String name, String options) throws IOException {
    return jar(
        name,
        Map.of(
            "OSGI-INF/himmelblau.options",
            options,
            "OSGI-INF/component.xml",
            COMPONENT.formatted(name)));
  }

  private static ServiceReference<?> @Nullable [] components(String name)
      throws InvalidSyntaxException {
    return daemon.context().getServiceReferences("java.lang.Object", "(of=" + name + ")");
  }

  /** What the component of that plug-in has been given. */
  private static @Nullable Object given(String name, String option) throws InvalidSyntaxException {
    ServiceReference<?>[] found = components(name);
    assertNotNull(found, "the component of " + name);
    return found[0].getProperty(option);
  }

  private static void configure(String from, String to) throws IOException {
    Path file = home.resolve("himmelblau.conf");
    Files.writeString(file, Files.readString(file).replace(from, to));
  }

  private static void awaitValue(String name, @Nullable Object value) throws InterruptedException {
    RunningDaemon.await(
        value + " at " + name,
        () -> {
          try {
            // With other options it is a new component: for a moment there is none.
            ServiceReference<?>[] found = components(name);
            return found != null && Objects.equals(value, found[0].getProperty("acme.hour"));
          } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aPluginIsStartedWithItsOptions() throws Exception {
    plugin =
        daemon.context().installBundle(plugin("acme", OPTION.formatted(12)).toUri().toString());
    plugin.start();
    assertEquals(12, given("acme", "acme.hour"), "the default, and from the beginning");
    configure("acme_unused = x", "acme_hour = 14");
    awaitValue("acme", 14);
    configure("acme_hour = 14", "acme_hour = noon");
    awaitValue("acme", 12);
    configure("acme_hour = noon", "acme_unused = x");
  }

  @Test
  void anUpdateBringsItsOwnOptions() throws Exception {
    String location = plugin("acme", OPTION.formatted(12)).toUri().toString();
    plugin = daemon.context().installBundle(location);
    plugin.start();
    plugin("acme", OPTION.formatted(13));
    plugin.update();
    assertEquals(13, given("acme", "acme.hour"));
  }

  @Test
  void theOptionsOfAPluginGoWithIt() throws Exception {
    plugin =
        daemon.context().installBundle(plugin("acme", OPTION.formatted(12)).toUri().toString());
    Bundle reader =
        daemon.context().installBundle(plugin("reader", "# declares nothing\n").toUri().toString());
    try {
      reader.start();
      assertEquals(12, given("reader", "acme.hour"), "known as soon as it is installed");
      plugin.uninstall();
      awaitValue("reader", null);
    } finally {
      reader.uninstall();
    }
  }

  @Test
  void shippedBundlesHaveTheOptionsThatTheyDeclare() throws Exception {
    plugin =
        daemon.context().installBundle(plugin("reader", "# declares nothing\n").toUri().toString());
    plugin.start();
    assertEquals("device:/dev/tpmrm0", given("reader", "tpm.tcti.name"));
    assertEquals("3", given("reader", "pkcs11.slot"));
    assertEquals("join", given("reader", "join.type"));
    assertEquals(false, given("reader", "enable.passwordless.security.key"));
    assertNull(given("reader", "app.id"));
  }

  /** Were it disabled for a moment, breakglass would end, and cached passwords be deleted. */
  @Test
  void breakglassIsEnabledAfterAnUpdateFromTheFirstMomentOn() throws Exception {
    List<Boolean> kept = new CopyOnWriteArrayList<>();
    BundleContext context = daemon.context();
    ServiceListener listener =
        event -> {
          if (event.getType() != ServiceEvent.UNREGISTERING) {
            kept.add(keepsVerifiers(context.getService(event.getServiceReference())));
          }
        };
    context.addServiceListener(listener, "(objectClass=" + POLICY + ")");
    try {
      Bundle manual = daemon.bundle("himmelblau.breakglass.manual");
      manual.update();
      String location = manual.getLocation();
      manual.uninstall();
      context.installBundle(location).start();
      RunningDaemon.await("the policy", () -> daemon.has(POLICY, null));
      Thread.sleep(500); // what must not follow cannot be awaited
    } finally {
      context.removeServiceListener(listener);
    }
    assertTrue(kept.size() >= 2, "it came back twice: " + kept);
    assertFalse(kept.contains(false), kept.toString());
    assertTrue(keepsVerifiers(context.getService(context.getServiceReference(POLICY))));
  }

  private static boolean keepsVerifiers(@Nullable Object policy) {
    try {
      Object kept =
          Objects.requireNonNull(policy).getClass().getMethod("keepVerifiers").invoke(policy);
      return kept instanceof Boolean keeps && keeps;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
