package himmelblau.metrics.internal.otlp;

import himmelblau.api.log.Log;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.Timings;
import himmelblau.api.schedule.Jitter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Sends numbers and the sign-ins that ended, again and again. A collector that does not answer
 * disturbs nothing: numbers are sent anew the next time, sign-ins wait as far as {@link
 * TraceBuffer} keeps them.
 */
final class Export implements AutoCloseable {
  private static final Log LOG = Log.of(Export.class);
  private static final int TRACES_AT_ONCE = 100;

  private final Collector collector;
  private final Envelope envelope;
  private final Supplier<List<Metric>> metrics;
  private final Instant started;
  private final Clock clock;
  private final TracesJson traces = new TracesJson(new SplittableRandom());
  private final TraceBuffer buffer;
  private final Timings.Listening listening;
  private final Thread sending;
  private boolean failing;

  /**
   * @param started since when this process counts
   * @param pause between two times, shortened by chance so that not all hosts send at once
   */
  Export(
      Collector collector,
      Envelope envelope,
      Supplier<List<Metric>> metrics,
      Instant started,
      Clock clock,
      Duration pause) {
    this.collector = collector;
    this.envelope = envelope;
    this.metrics = metrics;
    this.started = started;
    this.clock = clock;
    this.buffer = new TraceBuffer(clock);
    this.listening = Timings.listen(buffer::add);
    this.sending = Thread.ofVirtual().name("otlp").start(() -> repeat(pause));
  }

  private void repeat(Duration pause) {
    Jitter jitter = Jitter.normal();
    try {
      while (true) {
        Thread.sleep(jitter.shorten(pause));
        once();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void once() {
    Optional<String> problem;
    try {
      problem = sendMetrics().or(this::sendTraces);
    } catch (RuntimeException e) {
      problem = Optional.of(e.toString());
    }
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    if (problem.isPresent() && !failing) {
      LOG.warn("otlp.not_sent", "reason", problem.get());
    } else if (problem.isEmpty() && failing) {
      LOG.info("otlp.sent_again");
    }
    failing = problem.isPresent();
  }

  private Optional<String> sendMetrics() {
    MetricsJson json = new MetricsJson(started, clock.instant());
    return collector.send("/v1/metrics", envelope.metrics(json.of(metrics.get()))).problem();
  }

  private Optional<String> sendTraces() {
    while (true) {
      List<Trace> waiting = buffer.waiting(TRACES_AT_ONCE);
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      Collector.Result result = collector.send("/v1/traces", envelope.spans(traces.of(waiting)));
      if (!result.again()) {
        buffer.remove(waiting);
      }
      if (result.problem().isPresent()) {
        return result.problem();
      }
    }
  }

  /** Sends nothing more; does not wait for a request that is under way. */
  @Override
  public void close() {
    listening.close();
    sending.interrupt();
  }
}
