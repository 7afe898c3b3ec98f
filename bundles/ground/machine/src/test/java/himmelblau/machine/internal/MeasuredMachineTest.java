package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.metrics.Metric;
import himmelblau.api.secret.Secret;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeasuredMachineTest {
  private static final WrappedKey WRAPPED =
      new WrappedKey("soft", KeySpec.RSA_2048, false, new byte[] {1});

  private final KeyStoreTimes times = new KeyStoreTimes();

  /** Whose methods all answer with this, or throw it. */
  private static <T> T answering(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (answer instanceof Exception exception) {
                throw exception;
              }
              return method.getReturnType().isInstance(answer) ? answer : null;
            }));
  }

  private MeasuredMachine machine(Object answer) {
    return new MeasuredMachine(answering(Machine.class, answer), times);
  }

  private Map<String, Long> counted() {
    Map<String, Long> found = new TreeMap<>();
    for (var sample : times.metrics().getFirst().samples()) {
      Metric.Distribution distribution = (Metric.Distribution) sample;
      found.put(
          distribution.labels().get("operation") + " " + distribution.labels().get("outcome"),
          distribution.counts().stream().mapToLong(Long::longValue).sum());
    }
    return found;
  }

  @Test
  void eachOperationIsTimedWithItsOutcome() throws Exception {
    byte[] bytes = {1};
    try (Secret secret = Secret.ofText("x")) {
      assertEquals(bytes, machine(bytes).seal(secret, "a"));
      assertEquals(secret, machine(secret).unseal(bytes, "a"));
    }
    assertEquals(Map.of("seal success", 1L, "unseal success", 1L), counted());
  }

  @Test
  void failuresAreToldApartAndPassedOn() {
    WrongPin wrong = new WrongPin();
    KeyStoreUnavailable unavailable = new KeyStoreUnavailable("gone");
    KeyRefused refused = new KeyRefused("not ours");
    assertEquals(wrong, assertThrows(WrongPin.class, () -> machine(wrong).load(WRAPPED, null)));
    assertThrows(KeyRefused.class, () -> machine(refused).load(WRAPPED, null));
    assertThrows(
        KeyStoreUnavailable.class, () -> machine(unavailable).create(KeySpec.RSA_2048, null));
    assertThrows(
        IllegalStateException.class,
        () -> machine(new IllegalStateException()).export(WRAPPED, null));
    assertEquals(
        Map.of(
            "load wrong_pin", 1L,
            "load refused", 1L,
            "create unavailable", 1L,
            "export failed", 1L),
        counted());
  }

  @Test
  void theKeyThatIsLoadedIsTimedToo() throws Exception {
    byte[] signature = {2};
    Key key = machine(answering(Key.class, signature)).load(WRAPPED, null);
    assertEquals(signature, key.sign(signature));
    assertEquals(Map.of("load success", 1L, "sign success", 1L), counted());
    assertEquals(Optional.of("himmelblau_key_store_seconds"), name());
  }

  private Optional<String> name() {
    return Optional.of(times.metrics().getFirst().name());
  }
}
