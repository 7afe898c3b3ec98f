package himmelblau.api.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JitterTest {
  private static final Duration PAUSE = Duration.ofSeconds(60);

  private final Jitter jitter = new Jitter(new Random(7));

  private static List<Duration> many(UnaryOperator<Duration> change) {
    return Stream.generate(() -> change.apply(PAUSE)).limit(2000).sorted().toList();
  }

  private static void assertSpread(Duration least, Duration most, List<Duration> pauses) {
    Duration edge = most.minus(least).dividedBy(50);
    assertTrue(pauses.getFirst().compareTo(least) >= 0, "the shortest: " + pauses.getFirst());
    assertTrue(pauses.getFirst().compareTo(least.plus(edge)) < 0, "nothing comes early");
    assertTrue(pauses.getLast().compareTo(most) <= 0, "the longest: " + pauses.getLast());
    assertTrue(pauses.getLast().compareTo(most.minus(edge)) > 0, "nothing comes late");
  }

  @Test
  void anOwnPauseIsShortenedByUpToAHalf() {
    assertSpread(Duration.ofSeconds(30), PAUSE, many(jitter::shorten));
  }

  @Test
  void aPauseThatAServerAsksForIsNeverShortened() {
    assertSpread(PAUSE, Duration.ofSeconds(90), many(jitter::lengthen));
  }

  @Test
  void twoHostsDiffer() {
    Jitter normal = Jitter.normal();
    assertTrue(many(normal::shorten).stream().distinct().count() > 1900);
  }

  @Test
  void noPauseStaysNone() {
    assertEquals(Duration.ZERO, jitter.shorten(Duration.ZERO));
    assertEquals(Duration.ZERO, jitter.lengthen(Duration.ZERO));
    assertEquals(Duration.ofNanos(1), jitter.shorten(Duration.ofNanos(1)));
  }
}
