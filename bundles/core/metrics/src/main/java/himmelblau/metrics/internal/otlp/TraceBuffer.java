package himmelblau.metrics.internal.otlp;

import himmelblau.api.metrics.Timing;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the durations of each sign-in until it ends. Bounded, so that a collector that does not
 * answer, and conversations that never end, fill no memory: the oldest are dropped. Thread-safe.
 */
final class TraceBuffer {
  static final int MOST_SIGN_INS = 500;
  static final int MOST_PARTS = 200;
  private static final String SIGN_IN = "himmelblau_sign_in_seconds";

  private final Clock clock;
  private final Map<String, List<Span>> running = new LinkedHashMap<>();
  private final Deque<Trace> ended = new ArrayDeque<>();

  TraceBuffer(Clock clock) {
    this.clock = clock;
  }

  void add(Timing timing) {
    timing.conversation().ifPresent(conversation -> add(conversation, timing));
  }

  private synchronized void add(String conversation, Timing timing) {
    Span span = new Span(name(timing), timing.labels(), clock.instant(), timing.elapsed());
    if (timing.metric().equals(SIGN_IN)) {
      List<Span> parts = running.remove(conversation);
      ended.addLast(new Trace(conversation, span, parts == null ? List.of() : parts));
      if (ended.size() > MOST_SIGN_INS) {
        ended.removeFirst();
      }
      return;
    }
    List<Span> parts = running.computeIfAbsent(conversation, unused -> new ArrayList<>());
    if (parts.size() < MOST_PARTS) {
      parts.add(span);
    }
    if (running.size() > MOST_SIGN_INS) {
      running.remove(running.keySet().iterator().next());
    }
  }

  private static String name(Timing timing) {
    return timing.metric().replaceFirst("^himmelblau_", "").replaceFirst("_seconds$", "");
  }

  /** Those that wait to be sent, the oldest first. */
  synchronized List<Trace> waiting(int most) {
    return ended.stream().limit(most).toList();
  }

  synchronized void remove(List<Trace> sent) {
    sent.forEach(ended::removeFirstOccurrence);
  }
}
