package himmelblau.notify.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DomainPreparationTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LATE = Duration.ofSeconds(20);

  private final DomainPreparation prepared = new DomainPreparation();

  @Test
  void waitsForADomainButNotForEver() throws InterruptedException {
    long begun = System.nanoTime();
    assertFalse(prepared.await(SOON));
    assertTrue(System.nanoTime() - begun >= SOON.toNanos() / 2);
    prepared.domainAdded();
    assertTrue(prepared.await(SOON));
  }

  @Test
  void waitsForAllThatPrepare() throws InterruptedException {
    prepared.begun();
    prepared.begun();
    prepared.domainAdded();
    prepared.done();
    assertFalse(prepared.await(SOON));
    Thread.ofVirtual().start(prepared::done);
    assertTrue(prepared.await(LATE));
  }
}
