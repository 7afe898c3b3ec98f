package himmelblau.metrics.internal.otlp;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** The collector at {@code otlp_endpoint} (OTLP 1.x, section "OTLP/HTTP"). */
final class Collector {
  private static final int MOST_REPLY = 64 << 10;

  /** Section "Failures": all others must not be sent again. */
  private static final Set<Integer> AGAIN = Set.of(429, 502, 503, 504);

  private final Http http;
  private final String base;

  /**
   * @param base address, to which {@code /v1/metrics} is added
   */
  Collector(Http http, URI base) {
    this.http = http;
    this.base = base.toString().replaceFirst("/+$", "");
  }

  /**
   * What became of a request.
   *
   * @param again whether the same may be accepted later
   * @param problem what did not work; empty: all was accepted
   */
  record Result(boolean again, Optional<String> problem) {
    static final Result ACCEPTED = new Result(false, Optional.empty());
  }

  /** Blocks, at most for {@code request_timeout}. */
  Result send(String path, JsonObject body) {
    HttpCall call =
        HttpCall.post(
                URI.create(base + path),
                "application/json",
                body.toString().getBytes(StandardCharsets.UTF_8))
            .toMonitoring()
            .upTo(MOST_REPLY);
    try {
      HttpReply reply = http.send(call);
      return reply.ok()
          ? partial(reply)
          : new Result(
              AGAIN.contains(reply.status()), Optional.of("The collector says " + reply.status()));
    } catch (IOException e) {
      return new Result(true, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /** Section "Partial Success": what was refused is not sent again. */
  private static Result partial(HttpReply reply) {
    try {
      return JsonParser.parseString(reply.text()) instanceof JsonObject body
              && body.get("partialSuccess") instanceof JsonObject partial
              && partial.get("errorMessage") != null
              && !partial.get("errorMessage").getAsString().isEmpty()
          ? new Result(
              false, Optional.of("Refused in part: " + partial.get("errorMessage").getAsString()))
          : Result.ACCEPTED;
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      return Result.ACCEPTED; // the status says so
    }
  }
}
