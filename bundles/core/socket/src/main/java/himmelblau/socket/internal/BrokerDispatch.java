package himmelblau.socket.internal;

import himmelblau.api.log.Log;
import himmelblau.api.sso.BrokerCall;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameBuilder;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import himmelblau.frames.MalformedFrame.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls of session brokers, answered in order on each connection (socket.md, section 8). */
final class BrokerDispatch implements Listener.Handler {
  private static final Log LOG = Log.of(BrokerDispatch.class);
  private static final String COOKIE = "acquirePrtSsoCookie";

  /** The broker waits for {@code connection_timeout}; the answer has to be there before. */
  private static final Duration EARLIER = Duration.ofSeconds(2);

  private static final Duration LEAST = Duration.ofSeconds(1);

  private final LookupRateLimit calls;

  /** A browser may ask at each page it loads; one that does nothing else is slowed down. */
  private final LookupRateLimit cookies;

  private final AwaitedService<BrokerCalls> service;
  private final Supplier<Duration> patience;

  BrokerDispatch(AwaitedService<BrokerCalls> service, Supplier<Duration> patience) {
    this(
        service,
        patience,
        new LookupRateLimit(Duration.ofMillis(5), 400),
        new LookupRateLimit(Duration.ofMillis(100), 100));
  }

  BrokerDispatch(
      AwaitedService<BrokerCalls> service,
      Supplier<Duration> patience,
      LookupRateLimit calls,
      LookupRateLimit cookies) {
    this.calls = calls;
    this.cookies = cookies;
    this.service = service;
    this.patience = patience;
  }

  @Override
  public void serve(PeerConnection connection) throws IOException, InterruptedException {
    Optional<Frame> next = connection.read(connection.limits().first());
    while (next.isPresent()) {
      BrokerCall call = call(next.get(), connection);
      connection.write(answer(call));
      next = connection.read(patience.get());
    }
  }

  private static BrokerCall call(Frame frame, PeerConnection connection) throws MalformedFrame {
    if (frame.kind() != Kind.BROKER_CALL) {
      throw new MalformedFrame(
          Reason.FIELD, String.format("Expected BROKER_CALL, received kind 0x%02x", frame.kind()));
    }
    Fields fields = frame.fields();
    return new BrokerCall(
        connection.peer(), fields.text(), fields.text(), fields.text(), fields.text());
  }

  private Frame answer(BrokerCall call) throws InterruptedException {
    Duration budget = budget();
    long begun = System.nanoTime();
    LookupRateLimit limit = call.method().equals(COOKIE) ? cookies : calls;
    Optional<Duration> wait = limit.take(call.peer().uid(), budget.dividedBy(2), begun);
    if (wait.isEmpty()) {
      return failed("Too many calls");
    }
    Thread.sleep(wait.get());
    Optional<BrokerCalls> there = service.get(left(budget, begun));
    if (there.isEmpty()) {
      return failed("This host has no single sign-on now");
    }
    try {
      return reply(there.get().answer(call, left(budget, begun)));
    } catch (RuntimeException | LinkageError e) {
      LOG.error("broker.failed", e, "method", call.method(), "uid", call.peer().uid());
      return failed("The call failed");
    }
  }

  private Duration budget() {
    Duration budget = patience.get().minus(EARLIER);
    return budget.compareTo(LEAST) < 0 ? LEAST : budget;
  }

  private static Duration left(Duration budget, long begun) {
    Duration left = budget.minusNanos(System.nanoTime() - begun);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static Frame reply(String json) {
    FrameBuilder frame = Frame.of(Kind.BROKER_REPLY);
    return frame.fits(json.getBytes(StandardCharsets.UTF_8).length)
        ? frame.text(json).build()
        : failed("The reply is too long");
  }

  private static Frame failed(String why) {
    return Frame.of(Kind.BROKER_FAILED).text(why).build();
  }
}
