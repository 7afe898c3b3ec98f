package himmelblau.metrics.internal.otlp;

import java.math.BigInteger;
import java.time.Instant;

/** A time as OTLP has it: nanoseconds since 1970, in JSON a text. */
final class UnixNanos {
  private static final BigInteger PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private UnixNanos() {}

  static String of(Instant time) {
    return BigInteger.valueOf(time.getEpochSecond())
        .multiply(PER_SECOND)
        .add(BigInteger.valueOf(time.getNano()))
        .toString();
  }
}
