package himmelblau.socket.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Correlation;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.ConversationClosed.Reason;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInResult;
import himmelblau.api.login.SignInService;
import himmelblau.api.login.Translations;
import himmelblau.api.status.Outage;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameBuilder;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** START to END: one PAM call (docs/protocol/socket.md, section 4). */
final class SignInDispatch implements Listener.Handler {
  private static final Log LOG = Log.of(SignInDispatch.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration FINISH_ROUND = Duration.ofMillis(50);
  private static final Outage UNNAMED =
      () -> "Authentication service unavailable. Please try again later.";

  private final AwaitedService<SignInService> service;
  private final AwaitedService<Outage> outage;
  private final AwaitedService<Translations> translations;
  private final HostLocale locale;
  private final Supplier<Duration> patience;
  private final SignInSlots places = new SignInSlots();
  private final Set<PeerAnswers> running = ConcurrentHashMap.newKeySet();

  SignInDispatch(
      AwaitedService<SignInService> service,
      AwaitedService<Outage> outage,
      AwaitedService<Translations> translations,
      HostLocale locale,
      Supplier<Duration> patience) {
    this.service = service;
    this.outage = outage;
    this.translations = translations;
    this.locale = locale;
    this.patience = patience;
  }

  @Override
  public void serve(PeerConnection connection) throws IOException, InterruptedException {
    Optional<Frame> first = connection.read(connection.limits().first());
    if (first.isEmpty()) {
      return;
    }
    try (StartFrame start = read(first.get(), connection)) {
      String id = HexFormat.of().toHexDigits(RANDOM.nextInt());
      if (start.operation() == StartFrame.Operation.UNSEAL) {
        unseal(start.request(), id);
        return;
      }
      Optional<SignInSlots.Place> place = places.enter(start.operation(), start.request());
      if (place.isEmpty()) {
        connection.write(Frame.of(Kind.NO_ROOM).build());
        return;
      }
      try {
        converse(connection, start, id);
      } finally {
        place.get().close();
      }
    }
  }

  private void converse(PeerConnection connection, StartFrame start, String id)
      throws IOException, InterruptedException {
    // The first message may take long, so the peer is told at once that the request was received.
    connection.write(Frame.of(Kind.HEARD).build());
    PeerAnswers answers = new PeerAnswers(connection, connection.limits().answer());
    running.add(answers);
    try {
      ConversationRunner.run(
          connection,
          "conversation-" + id,
          new ConversationRunner.Sink() {
            @Override
            public void take(Frame frame) throws IOException {
              answers.take(frame);
            }

            @Override
            public void close() {
              answers.close();
            }
          },
          () -> connection.write(lead(start, answers, id)));
    } finally {
      running.remove(answers);
    }
  }

  /**
   * Waits for the conversations that come to their end by themselves, without a user who has to
   * answer; returns after {@code most} in any case.
   */
  void finish(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    do {
      Thread.sleep(
          FINISH_ROUND); // at least once: a peer has connected, and its START is to be read
    } while (busy() > 0 && System.nanoTime() - end < 0);
    if (busy() > 0) {
      LOG.warn("conversation.cut_off", "conversations", busy(), "waited", most);
    }
  }

  private long busy() {
    return running.stream().filter(answers -> !answers.userAwaited()).count();
  }

  private static StartFrame read(Frame frame, PeerConnection connection) throws IOException {
    try (frame) {
      return StartFrame.read(frame, connection.peer());
    }
  }

  /** No peer waits for it, and a disconnect does not stop it. */
  private void unseal(SignInRequest request, String id) throws InterruptedException {
    Optional<SignInService> there = awaited();
    if (there.isPresent()) {
      within(
          id,
          () -> {
            there.get().unseal(request);
            return SignInResult.of(PamCode.IGNORE);
          });
    }
  }

  /** Waits for the service, unless it is known to be unavailable. */
  private Optional<SignInService> awaited() throws InterruptedException {
    long end = System.nanoTime() + patience.get().toNanos();
    while (true) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      boolean hopeless = left.isNegative() || outage.get(Duration.ZERO).isPresent();
      Optional<SignInService> there =
          service.get(hopeless ? Duration.ZERO : left.compareTo(LOOK) < 0 ? left : LOOK);
      if (there.isPresent() || hopeless) {
        return there;
      }
    }
  }

  private Frame lead(StartFrame start, PeerAnswers answers, String id)
      throws ConversationClosed, InterruptedException {
    SocketConversation conversation =
        new SocketConversation(
            answers, start, translations.get(Duration.ZERO), locale.of(start.request()));
    Optional<SignInService> there = awaited();
    if (there.isEmpty()) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .error("conversation.no_service", null, "conversation", id, "waited", patience.get());
      if (start.operation() == StartFrame.Operation.AUTHENTICATE) {
        conversation.say(outage.get(Duration.ZERO).orElse(UNNAMED).text());
      }
      return end(SignInResult.of(PamCode.SYSTEM_ERR));
    }
    Optional<SignInResult> result =
        within(id, () -> start.operation().run(there.get(), start.request(), conversation));
    if (result.isEmpty()) {
      throw new ConversationClosed(Reason.GONE);
    }
    return end(checked(start, result.get()));
  }

  @FunctionalInterface
  private interface Call {
    SignInResult run() throws ConversationClosed;
  }

  /** Empty when the peer disconnected. Any other failure of the service is a denial. */
  private static Optional<SignInResult> within(String id, Call call) {
    try {
      return Correlation.with(id, () -> Optional.of(call.run()));
    } catch (ConversationClosed e) {
      return e.reason() == Reason.GIVEN_UP
          ? Optional.of(SignInResult.of(PamCode.ABORT))
          : Optional.empty();
    } catch (Exception | LinkageError e) { // a class of a part that was just replaced
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .error("conversation.failed", e, "conversation", id);
      return Optional.of(SignInResult.of(PamCode.SYSTEM_ERR));
    }
  }

  /** A success must say whose. */
  private static SignInResult checked(StartFrame start, SignInResult result) {
    if (start.operation() == StartFrame.Operation.AUTHENTICATE
        && result.code() == PamCode.SUCCESS
        && result.account().isEmpty()) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .error("conversation.nobody", null, "reason", "a sign-in succeeded without an account");
      return SignInResult.of(PamCode.SYSTEM_ERR);
    }
    return result;
  }

  private static Frame end(SignInResult result) {
    FrameBuilder end = Frame.of(Kind.END).u32(result.code().value()).text(result.account());
    for (Map.Entry<String, String> variable : result.environment().entrySet()) {
      String text = variable.getKey() + "=" + variable.getValue();
      if (text.indexOf('\0') < 0 && end.fits(text.getBytes(StandardCharsets.UTF_8).length)) {
        end.text(text);
      } else {
        LOG.warn("conversation.environment_dropped", "name", variable.getKey());
      }
    }
    return end.build();
  }
}
