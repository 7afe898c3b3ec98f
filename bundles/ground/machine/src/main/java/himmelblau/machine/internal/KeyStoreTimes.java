package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import java.util.List;

/** How long the key store takes, the wait for one that is being replaced included. Thread-safe. */
final class KeyStoreTimes implements MetricSource {
  private final Histogram time =
      new Histogram(
          "himmelblau_key_store_seconds",
          "Time of operations of the key store",
          "operation",
          "outcome");

  /** One operation, from now on. */
  Timing begin(String operation) {
    return new Timing(operation, System.nanoTime());
  }

  /** One operation that has begun. */
  final class Timing {
    private final String operation;
    private final long begun;

    private Timing(String operation, long begun) {
      this.operation = operation;
      this.begun = begun;
    }

    <T> T ended(T result) {
      time.since(begun, operation, "success");
      return result;
    }

    void failed(Exception e) {
      time.since(begun, operation, outcome(e));
    }

    private static String outcome(Exception e) {
      return switch (e) {
        case WrongPin wrong -> "wrong_pin";
        case KeyRefused refused -> "refused";
        case KeyStoreUnavailable unavailable -> "unavailable";
        default -> "failed";
      };
    }
  }

  @Override
  public List<Metric> metrics() {
    return List.of(time.metric());
  }
}
