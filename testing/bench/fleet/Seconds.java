import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How many requests came in each second. */
final class Seconds {
  private final Map<Long, Integer> counts = new HashMap<>();

  void count(Instant at) {
    counts.merge(at.getEpochSecond(), 1, Integer::sum);
  }

  /** The busiest second from {@code begin} on, over the mean of all seconds until {@code end}. */
  double peakOverMean(Instant begin, Instant end) {
    long peak = 0;
    long sum = 0;
    for (long second = begin.getEpochSecond(); second < end.getEpochSecond(); second++) {
      int count = counts.getOrDefault(second, 0);
      peak = Math.max(peak, count);
      sum += count;
    }
    double mean = (double) sum / (end.getEpochSecond() - begin.getEpochSecond());
    return mean == 0 ? 0 : peak / mean;
  }
}
