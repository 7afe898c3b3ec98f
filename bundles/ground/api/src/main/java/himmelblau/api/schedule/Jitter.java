package himmelblau.api.schedule;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Makes pauses differ from host to host. Thousands of hosts with one configuration start, lose the
 * network and are told to wait at the same moment; with equal pauses they would ask the directory
 * at the same moment ever after. Thread-safe if the generator is.
 */
public final class Jitter {
  private final RandomGenerator random;

  /**
   * @param random where the differences come from; they are no secret
   */
  public Jitter(RandomGenerator random) {
    this.random = random;
  }

  /** For use outside of tests. */
  public static Jitter normal() {
    return new Jitter(new OfThread());
  }

  /**
   * At least half of {@code pause} and at most all of it: for a pause that this host chose itself.
   *
   * @param pause not negative, at most some years
   */
  public Duration shorten(Duration pause) {
    return pause.minus(part(pause.dividedBy(2)));
  }

  /**
   * At least {@code pause} and at most half as much again: for a pause that a server asked for,
   * which nothing may undercut (RFC 9110 section 10.2.3).
   *
   * @param pause not negative, at most some years
   */
  public Duration lengthen(Duration pause) {
    return pause.plus(part(pause.dividedBy(2)));
  }

  private Duration part(Duration most) {
    return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
  }

  /** The generator of the thread that asks, which must not be kept for another thread. */
  private static final class OfThread implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
