package himmelblau.metrics.internal.otlp;

import java.util.List;

/**
 * One sign-in that has ended.
 *
 * @param conversation the id that its log lines have
 * @param whole the sign-in itself
 * @param parts in the order in which they ended
 */
record Trace(String conversation, Span whole, List<Span> parts) {
  Trace {
    parts = List.copyOf(parts);
  }
}
