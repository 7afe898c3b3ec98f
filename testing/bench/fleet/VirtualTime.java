import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that jumps to the next thing that is due. One thread. */
final class VirtualTime {
  private record Due(Instant at, long order, Runnable what) {}

  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::order));
  private Instant now = Instant.EPOCH;
  private long order;

  Instant now() {
    return now;
  }

  Clock clock() {
    InstantSource source = () -> now;
    return source.withZone(ZoneOffset.UTC);
  }

  void in(Duration wait, Runnable what) {
    queue.add(new Due(now.plus(wait), order++, what));
  }

  void runUntil(Instant end) {
    while (!queue.isEmpty() && queue.peek().at().isBefore(end)) {
      Due next = queue.remove();
      now = next.at();
      next.what().run();
    }
    now = end;
  }
}
