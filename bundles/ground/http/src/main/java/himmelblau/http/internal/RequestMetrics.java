package himmelblau.http.internal;

import himmelblau.api.http.HttpReply;
import himmelblau.api.metrics.Counter;
import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import java.util.List;

/** Counts requests and how long they take. Thread-safe. */
final class RequestMetrics {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final Counter requests =
      new Counter(
              "himmelblau_directory_requests",
              "Requests to the directory by their outcome",
              "outcome")
          .expect("success")
          .expect("refused")
          .expect("throttled")
          .expect("failed")
          .expect("unreachable");
  private final Histogram time =
      new Histogram(
          "himmelblau_directory_request_seconds",
          "Time of requests to the directory, with or without a reply");

  void replied(HttpReply reply, long begun) {
    requests.add(outcome(reply));
    time.since(begun);
  }

  void unreachable(long begun) {
    requests.add("unreachable");
    time.since(begun);
  }

  List<Metric> metrics() {
    return List.of(requests.metric(), time.metric());
  }

  /** A 503 that names a time is the same as 429 (RFC 9110, section 10.2.3). */
  static String outcome(HttpReply reply) {
    int status = reply.status();
    if (status == TOO_MANY_REQUESTS
        || (status == UNAVAILABLE && reply.header("retry-after").isPresent())) {
      return "throttled";
    }
    return status < 400 ? "success" : status < 500 ? "refused" : "failed";
  }
}
