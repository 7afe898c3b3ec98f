package himmelblau.hsm.tpm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.Swtpm;
import himmelblau.hsm.envelope.PinStretch;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens, no handle of ours remains in the TPM. PIN stretching costs next to nothing
 * here.
 */
@EnabledIf("installed")
class TpmHandleTest {
  private static final Pattern COUNTER =
      Pattern.compile("TPM2_PT_LOCKOUT_COUNTER: 0x([0-9A-Fa-f]+)");

  @TempDir private Path directory;
  private final Secret pin = Secret.ofText("271828");
  private Swtpm swtpm;
  private Secret auth;
  private MachineKey machine;
  private WrappedKey guarded;

  static boolean installed() {
    return Swtpm.installed();
  }

  @BeforeEach
  void begin() throws Exception {
    swtpm = Swtpm.start(directory);
    swtpm.tool("tpm2_dictionarylockout", "--setup-parameters", "--max-tries=31");
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    auth = Secret.taking(bytes);
    machine = machine(swtpm.tcti());
    guarded = machine.create(KeySpec.EC_P256, pin);
    assertNothingLeft("before");
  }

  @AfterEach
  void end() throws Exception {
    machine.close();
    swtpm.close();
  }

  private MachineKey machine(String tcti) throws KeyStoreUnavailable {
    return TpmMachine.create(new TpmDevice(tcti), auth, () -> new PinStretch(new byte[16], 8, 1));
  }

  private void assertNothingLeft(String when) throws Exception {
    for (String kind :
        new String[] {"transient", "loaded-session", "saved-session", "persistent"}) {
      assertEquals("", swtpm.tool("tpm2_getcap", "handles-" + kind).strip(), kind + ", " + when);
    }
  }

  private void signIn() throws KeyStoreUnavailable, WrongPin, KeyRefused {
    try (Key key = machine.load(guarded, pin)) {
      assertEquals(64, key.sign(new byte[32]).length);
    }
  }

  private void wrongPin(int number) throws Exception {
    try (Secret wrong = Secret.ofText("wrong" + number)) {
      assertThrows(WrongPin.class, () -> machine.load(guarded, wrong));
    }
  }

  private long counted() throws Exception {
    Matcher match = COUNTER.matcher(swtpm.tool("tpm2_getcap", "properties-variable"));
    assertTrue(match.find());
    return Long.parseLong(match.group(1), 16);
  }

  @Test
  void aStopWaitsForWorkThatHasBegunAndAcceptsNoMore() throws Exception {
    TpmDevice device = new TpmDevice(swtpm.tcti());
    CountDownLatch loaded = new CountDownLatch(1);
    Thread work =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    device.make(
                        scope -> {
                          int root = scope.root();
                          loaded.countDown();
                          LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                          return root;
                        });
                  } catch (KeyStoreUnavailable e) {
                    throw new AssertionError(e);
                  }
                });
    loaded.await();
    device.close(Duration.ofSeconds(20));
    assertNothingLeft("after the stop");
    assertThrows(KeyStoreUnavailable.class, () -> device.make(TpmScope::root));
    work.join();
  }

  @Test
  void aThousandSignInsLeaveNothing() throws Exception {
    for (int i = 0; i < 1000; i++) {
      signIn();
    }
    assertNothingLeft("after 1,000 sign-ins");
  }

  @Test
  void wrongPinsLeaveNothingWhetherOrNotTheTpmSeesThem() throws Exception {
    int tried = 0;
    while (counted() == 0) {
      for (int i = 0; i < 100; i++) {
        wrongPin(tried++);
      }
      assertTrue(tried < 4000, "one of 256 wrong PINs gets as far as the TPM");
    }
    assertNothingLeft("after the TPM refused a PIN");
    signIn();
    assertNothingLeft("after the right PIN");
  }

  @Test
  void anInterruptedCallerLeavesNoHandle() throws Exception {
    List<Thread> users = new ArrayList<>();
    AtomicInteger stopped = new AtomicInteger();
    for (int i = 0; i < 40; i++) {
      users.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      signIn();
                    } catch (KeyStoreUnavailable e) {
                      stopped.incrementAndGet();
                    } catch (WrongPin | KeyRefused e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    Thread.sleep(30); // some wait for the TPM, one is in it
    users.forEach(Thread::interrupt);
    for (Thread user : users) {
      user.join();
    }
    assertTrue(stopped.get() > 0, "nobody was in time to give up");
    signIn();
    assertNothingLeft("after " + stopped + " were interrupted");
    assertEquals(0, counted(), "the right PIN counts as a wrong one");
  }

  /** A key store and its successor, while one takes over from the other; no resource manager. */
  @Test
  void twoOnOneTpmDoNotTakeEachOthersThingsAway() throws Exception {
    try (MachineKey other = machine(swtpm.tcti())) {
      WrappedKey otherKey = other.create(KeySpec.EC_P256, pin);
      List<Future<?>> running = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 40; i++) {
          running.add(
              threads.submit(
                  () -> {
                    signIn();
                    return null;
                  }));
          running.add(
              threads.submit(
                  () -> {
                    try (Key key = other.load(otherKey, pin)) {
                      return key.sign(new byte[1]);
                    }
                  }));
        }
      }
      for (Future<?> one : running) {
        one.get();
      }
      assertNothingLeft("after two at once");
      assertEquals(0, counted());
    }
  }

  @Test
  void aConnectionThatBreaksAnywhereLeavesNothingBehindTheNextOne() throws Exception {
    try (TpmBusRecorder bus = new TpmBusRecorder(swtpm.port())) {
      machine = machine(bus.tcti());
      guarded = machine.create(KeySpec.EC_P256, pin);
      int commands = 0;
      while (true) {
        bus.cutAfter(++commands);
        try {
          signIn(); // works if only the clearing away was cut off
        } catch (KeyStoreUnavailable e) {
          assertTrue(String.valueOf(e.getMessage()).contains("connection"), e.getMessage());
        }
        if (!bus.hasCut()) {
          break; // it has no more commands than that
        }
        bus.cutAfter(Integer.MAX_VALUE);
        signIn();
        assertNothingLeft("cut at command " + commands);
        assertEquals(0, counted());
      }
      assertTrue(commands > 10 && commands < 100, commands + " commands");
    }
  }
}
