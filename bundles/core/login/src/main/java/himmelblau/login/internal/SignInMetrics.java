package himmelblau.login.internal;

import himmelblau.api.login.PamCode;
import himmelblau.api.metrics.Counter;
import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import himmelblau.login.internal.conversation.StepConversation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Counts sign-ins and how long they take. Thread-safe. */
final class SignInMetrics {
  private final Counter ended =
      new Counter(
          "himmelblau_sign_ins",
          "Sign-ins that ended, by the way that was tried last and how they ended",
          "method",
          "outcome");
  private final Histogram time =
      new Histogram(
          "himmelblau_sign_in_seconds",
          "Time of sign-ins without what users took to answer and pauses",
          "method",
          "outcome");

  /** How a sign-in ends. */
  enum Outcome {
    SUCCESS,
    /** By a rule, or because what was given is wrong. */
    DENIED,
    /** Something does not work. */
    FAILED,
    /** The user gave no answer. */
    CANCELLED,
    /** The program or the user went away. */
    GONE,
    /** No account of the directory. */
    UNKNOWN;

    static Outcome of(PamCode code) {
      return switch (code) {
        case SUCCESS -> SUCCESS;
        case SERVICE_ERR, SYSTEM_ERR, AUTHINFO_UNAVAIL -> FAILED;
        case CRED_INSUFFICIENT -> CANCELLED;
        case USER_UNKNOWN, IGNORE -> UNKNOWN;
        default -> DENIED;
      };
    }
  }

  Call begin(StepConversation conversation) {
    return new Call(conversation);
  }

  List<Metric> metrics() {
    return List.of(ended.metric(), time.metric());
  }

  /** One sign-in. For one thread. */
  final class Call {
    private final long begun = System.nanoTime();
    private final StepConversation conversation;
    private String method = "none";

    private Call(StepConversation conversation) {
      this.conversation = conversation;
    }

    void method(String way) {
      method = way;
    }

    void ended(Outcome outcome) {
      String word = outcome.name().toLowerCase(Locale.ROOT);
      SignInMetrics.this.ended.add(method, word);
      Duration all = Duration.ofNanos(System.nanoTime() - begun);
      time.record(all.minus(conversation.waited()), all, method, word);
    }
  }
}
