package himmelblau.argon2.internal;

import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How long derivations take, whoever asks for them; the wait for others included. */
@Component
public final class DerivationTimes implements MetricSource {
  private static final Histogram TIME =
      new Histogram(
          "himmelblau_key_derivation_seconds",
          "Time of Argon2id derivations of PINs and cached passwords, waiting included");

  @Activate
  public DerivationTimes() {}

  /** Records one that began at this value of {@link System#nanoTime}. */
  public static void since(long begun) {
    TIME.since(begun);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(TIME.metric());
  }
}
