package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MachineServiceTest {
  @TempDir private Path directory;
  private MachineFixture host;
  private MachineService service;
  private final CountDownLatch published = new CountDownLatch(1);
  private volatile Thread opening;

  @BeforeEach
  void begin() throws Exception {
    host = new MachineFixture(directory);
    service = service(Duration.ofSeconds(20));
    service.start();
    assertTrue(published.await(30, TimeUnit.SECONDS));
  }

  private MachineService service(Duration patience) {
    return new MachineService(
        host.stores,
        host.table,
        new MachineService.Settings(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, host.pinFile(), patience),
        new MachineService.Publisher() {
          @Override
          public void publish(SwitchableMachine machine, Vault vault) {
            opening = Thread.currentThread();
            published.countDown();
          }

          @Override
          public void withdraw() {}
        });
  }

  @AfterEach
  void end() throws Exception {
    service.stop();
    host.close();
  }

  private SoftKeyStore remove() {
    SoftKeyStore store = (SoftKeyStore) host.stores.find("soft").orElseThrow();
    host.stores.remove(store);
    service.storeRemoved("soft");
    return store;
  }

  private void install() {
    host.install(new SoftKeyStore());
    service.storeAdded("soft");
  }

  @Test
  void whileTheKeyStoreIsReplacedCallsWaitAndNoneFails() throws Exception {
    SwitchableMachine machine = service.machine();
    WrappedKey wrapped = machine.create(KeySpec.HMAC_SHA256, null);
    AtomicBoolean enough = new AtomicBoolean();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> users = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        users.add(
            executor.submit(
                () -> {
                  int done = 0;
                  while (!enough.get() || done == 0) {
                    try (Key key = machine.load(wrapped, null);
                        Secret plain = Secret.ofText("x");
                        Secret clear = machine.unseal(machine.seal(plain, "l"), "l")) {
                      assertEquals(32, key.hmac(new byte[8]).length);
                      assertTrue(clear.matches(plain));
                    }
                    done++;
                  }
                  return done;
                }));
      }
      for (int i = 0; i < 20; i++) {
        remove();
        install();
      }
      enough.set(true);
      for (Future<Integer> user : users) {
        assertTrue(user.get() > 0);
      }
    }
  }

  @Test
  void aLoadedKeyWorksWithoutItsStore() throws Exception {
    SwitchableMachine machine = service.machine();
    try (Key key = machine.load(machine.create(KeySpec.EC_P256, null), null)) {
      remove();
      assertEquals(64, key.sign(new byte[1]).length);
      install();
      assertEquals(64, key.sign(new byte[1]).length);
    }
  }

  /** Whatever is published runs the code of others on the thread that opens. */
  @Test
  void anInterruptThatIsNotMeantForItEndsNothing() throws Exception {
    opening.interrupt();
    remove();
    opening.interrupt();
    install();
    service.machine().create(KeySpec.HMAC_SHA256, null);
  }

  @Test
  void patienceEnds() throws Exception {
    service.machine().patience(Duration.ofMillis(20));
    remove();
    KeyStoreUnavailable e =
        assertThrows(
            KeyStoreUnavailable.class, () -> service.machine().create(KeySpec.EC_P256, null));
    assertTrue(String.valueOf(e.getMessage()).contains("soft"), e.getMessage());
    service.machine().patience(Duration.ofSeconds(20));
    install();
    service.machine().create(KeySpec.HMAC_SHA256, null);
  }

  @Test
  void blobsWithoutAMachineKeyAreRefused() {
    SwitchableMachine machine = service.machine();
    byte[] foreign = TaggedBlob.tag(99, new byte[40]);
    assertThrows(KeyRefused.class, () -> machine.unseal(foreign, "l"));
    assertThrows(KeyRefused.class, () -> machine.unseal(new byte[3], "l"));
    assertThrows(
        KeyRefused.class,
        () -> machine.load(new WrappedKey("soft", KeySpec.EC_P256, false, new byte[0]), null));
  }

  @Test
  void aVaultKeepsApartWhatHasDifferentNames() throws Exception {
    SqlVault vault = host.vault(service.machine());
    try (Secret one = Secret.ofText("one");
        Secret two = Secret.ofText("two")) {
      vault.write("a/one", one);
      vault.write("a/two", two);
      vault.write("b%", two);
      vault.writeKey("a/key", service.machine().create(KeySpec.HMAC_SHA256, null));
      try (Secret read = vault.read("a/one").orElseThrow()) {
        assertTrue(read.matches(one));
      }
      assertEquals(List.of("a/key", "a/one", "a/two"), vault.names("a/"));
      assertTrue(vault.read("a/key").isEmpty());
      assertTrue(vault.readKey("a/one").isEmpty());
      assertEquals(KeySpec.HMAC_SHA256, vault.readKey("a/key").orElseThrow().spec());
      swap("a/one", "a/two");
      assertThrows(KeyStoreUnavailable.class, () -> vault.read("a/one"));
      vault.delete("a/one");
      vault.delete("a/one");
      assertTrue(vault.read("a/one").isEmpty());
      vault.deleteAll("a/");
      assertEquals(List.of("b%"), vault.names(""));
    }
  }

  private void swap(String to, String from) {
    host.table.write(
        connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE machine_vault SET blob = (SELECT blob FROM machine_vault WHERE name = ?)"
                      + " WHERE name = ?")) {
            update.setString(1, from);
            update.setString(2, to);
            return update.executeUpdate();
          }
        });
  }

  @Test
  void afterAStopNoCallWaits() throws Exception {
    SwitchableMachine machine = service.machine();
    machine.patience(Duration.ofMinutes(10));
    remove(); // calls wait now
    Thread waiting = Thread.ofVirtual().start(() -> assertEquals("none", machine.store()));
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
    service.stop();
    assertTrue(waiting.join(Duration.ofSeconds(20)), "a call that waited");
    try (Secret plain = Secret.ofText("x")) {
      assertThrows(KeyStoreUnavailable.class, () -> machine.seal(plain, "l"), "a new call");
    }
  }
}
