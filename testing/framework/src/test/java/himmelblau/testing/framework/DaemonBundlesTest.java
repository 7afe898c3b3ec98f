package himmelblau.testing.framework;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** The bundles of himmelblaud in a real framework: they start, are swapped, removed and refused. */
class DaemonBundlesTest {
  private static final String METHOD = "himmelblau.api.mfa.MfaMethod";
  private static final String SIGN_IN = "himmelblau.api.login.SignInService";
  private static final String DIRECTORY = "himmelblau.api.directory.Directory";
  private static final String PUSH = "(himmelblau.mfa.method=PhoneAppNotification)";

  @TempDir static Path home;
  private static RunningDaemon daemon;

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
            hsm_pin_path = %1$s/hsm-pin
            """
                .formatted(home));
    RunningDaemon.await("a sign-in service", () -> daemon.has(SIGN_IN, null));
  }

  @AfterAll
  static void stop() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  void theMachineKeyIsBelowTheTemporaryDirectory() throws Exception {
    RunningDaemon.await("the hsm-pin file", () -> Files.exists(home.resolve("hsm-pin")));
  }

  @Test
  void everyBundleIsActive() {
    List<String> idle = new ArrayList<>();
    for (Bundle bundle : daemon.context().getBundles()) {
      if (bundle.getState() != Bundle.ACTIVE && bundle.getHeaders().get("Fragment-Host") == null) {
        idle.add(bundle.getSymbolicName());
      }
    }
    assertEquals(List.of(), idle);
  }

  @Test
  void noPackageComesFromTwoJars() throws IOException {
    // Shipped bundles share one class path (decision 0005), where the first jar would win.
    List<String> twice = SplitPackages.in(RunningDaemon.jars());
    assertEquals(List.of(), twice);
  }

  @Test
  void aStoppedMethodTakesOnlyItselfAway() throws Exception {
    assertTrue(daemon.has(METHOD, PUSH));
    Bundle push = daemon.bundle("himmelblau.mfa.push");
    push.stop();
    try {
      assertFalse(daemon.has(METHOD, PUSH));
      assertTrue(daemon.has(SIGN_IN, null), "the sign-in service stays");
    } finally {
      push.start();
    }
    RunningDaemon.await("the method", () -> daemon.has(METHOD, PUSH));
  }

  @Test
  void aReplacedMethodComesFromItsNewJar() throws Exception {
    Bundle old = daemon.bundle("himmelblau.mfa.push");
    Path jar =
        Files.copy(
            Path.of(java.net.URI.create(old.getLocation().replace("reference:", ""))),
            home.resolve("push-2.jar"));
    String location = old.getLocation();
    old.uninstall();
    assertFalse(daemon.has(METHOD, PUSH));
    Bundle fresh = daemon.context().installBundle(jar.toUri().toString());
    fresh.start();
    RunningDaemon.await("the method", () -> daemon.has(METHOD, PUSH));
    fresh.uninstall();
    daemon.context().installBundle(location).start();
    RunningDaemon.await("the method", () -> daemon.has(METHOD, PUSH));
  }

  @Test
  void aKeyStoreThatIsReplacedComesBackUnderTheSameMachine() throws Exception {
    Bundle soft = daemon.bundle("himmelblau.hsm.soft");
    soft.stop();
    assertTrue(daemon.has(SIGN_IN, null), "sign-ins wait for it, they do not go away");
    soft.start();
    RunningDaemon.await(
        "the key store",
        () -> daemon.has("himmelblau.api.hsm.KeyStore", "(himmelblau.hsm.type=soft)"));
  }

  /** Users of a domain that a directory does not know are told that they are unknown. */
  @Test
  void aDirectoryKnowsItsDomainsAsLongAsItIsThere() throws Exception {
    BundleContext context = daemon.context();
    Map<ServiceReference<?>, Object> directories = new ConcurrentHashMap<>();
    List<String> seen = new CopyOnWriteArrayList<>();
    ServiceListener listener =
        event -> {
          ServiceReference<?> reference = event.getServiceReference();
          if (event.getType() == ServiceEvent.REGISTERED) {
            directories.put(reference, Objects.requireNonNull(context.getService(reference)));
            seen.add("begin " + resolves(directories.get(reference)));
          } else if (event.getType() == ServiceEvent.UNREGISTERING
              && directories.containsKey(reference)) {
            seen.add("end " + resolves(directories.get(reference)));
          }
        };
    context.addServiceListener(listener, "(objectClass=" + DIRECTORY + ")");
    try {
      Bundle directory = daemon.bundle("himmelblau.directory");
      for (int i = 0; i < 2; i++) {
        directory.stop();
        directory.start();
        RunningDaemon.await("a sign-in service", () -> daemon.has(SIGN_IN, null));
      }
    } finally {
      context.removeServiceListener(listener);
    }
    assertEquals(List.of("begin true", "end true", "begin true"), seen);
  }

  private static boolean resolves(@Nullable Object directory) {
    try {
      Object account =
          Objects.requireNonNull(directory)
              .getClass()
              .getMethod("resolve", String.class)
              .invoke(directory, "ada@example.onmicrosoft.com");
      return account instanceof Optional<?> found && found.isPresent();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBrokenBundleHurtsNobody() throws Exception {
    Path jar = home.resolve("broken.jar");
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    main.putValue(Constants.BUNDLE_SYMBOLICNAME, "example.broken");
    main.putValue(Constants.IMPORT_PACKAGE, "himmelblau.api.mfa;version=\"[99,100)\"");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    Bundle broken = daemon.context().installBundle(jar.toUri().toString());
    BundleException refused = assertThrows(BundleException.class, broken::start);
    assertTrue(String.valueOf(refused.getMessage()).contains("himmelblau.api.mfa"));
    assertTrue(daemon.has(SIGN_IN, null));
    broken.uninstall();
  }
}
