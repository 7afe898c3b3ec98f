package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.schedule.Jitter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueryPausesTest {
  private static final String DOMAIN = "example.com";
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private Instant now = Instant.EPOCH;
  private final InstantSource time = () -> now;
  private final Clock clock = time.withZone(ZoneOffset.UTC);

  private QueryPauses pauses(int most) {
    return new QueryPauses(most, clock, new Jitter(() -> 0));
  }

  @Test
  void eachPauseIsTwiceAsLongUpToTheLongest() {
    QueryPauses pauses = pauses(10);
    for (int seconds : new int[] {5, 10, 15, 15}) {
      assertEquals(Duration.ofSeconds(seconds), pauses.begin(DOMAIN, LONGEST));
    }
    now = now.plusSeconds(14);
    assertTrue(pauses.lasts(DOMAIN));
    now = now.plusSeconds(1);
    assertFalse(pauses.lasts(DOMAIN));
  }

  @Test
  void anAnswerEndsItAndTheNextBeginsAgain() {
    QueryPauses pauses = pauses(10);
    pauses.begin(DOMAIN, LONGEST);
    pauses.begin(DOMAIN, LONGEST);
    pauses.end(DOMAIN);
    assertFalse(pauses.lasts(DOMAIN));
    assertEquals(Duration.ofSeconds(5), pauses.begin(DOMAIN, LONGEST));
    pauses.begin("example.org", LONGEST);
    pauses.endAll();
    assertFalse(pauses.lasts(DOMAIN) || pauses.lasts("example.org"));
  }

  @Test
  void aClockThatIsSetBackEndsAPauseOfBefore() {
    QueryPauses pauses = pauses(10);
    pauses.begin(DOMAIN, LONGEST);
    now = now.minus(Duration.ofHours(1));
    assertFalse(pauses.lasts(DOMAIN));
  }

  @Test
  void theOldestEndsWhenThereAreTooMany() {
    QueryPauses pauses = pauses(2);
    for (String what : new String[] {"a", "b", "c"}) {
      pauses.begin(what, LONGEST);
    }
    assertFalse(pauses.lasts("a"));
    assertTrue(pauses.lasts("b") && pauses.lasts("c"));
  }

  @Test
  void hostsThatLostTheDirectoryTogetherAskAtDifferentTimes() {
    Set<Duration> lengths = new HashSet<>();
    for (int host = 0; host < 100; host++) {
      lengths.add(new QueryPauses(1, clock, new Jitter(new Random(host))).begin(DOMAIN, LONGEST));
    }
    assertTrue(lengths.size() > 90, "so many different pauses: " + lengths.size());
  }
}
