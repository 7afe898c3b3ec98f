package himmelblau.domain.entra.internal.graph;

import himmelblau.api.http.HttpReply;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * How long a reply asks to wait (RFC 9110 section 10.2.3): whole seconds or a date. Microsoft's own
 * examples have parts of a second, too. A date counts from the server's clock, if the reply has
 * one.
 */
final class RetryAfter {
  private RetryAfter() {}

  /** Not negative; empty if the reply does not say. */
  static Optional<Duration> of(HttpReply reply) {
    Optional<String> told = reply.header("retry-after").map(String::strip);
    if (told.filter(text -> text.matches("[0-9]{1,6}(\\.[0-9]{1,9})?")).isPresent()) {
      double seconds = Double.parseDouble(told.get());
      return Optional.of(Duration.ofMillis((long) Math.ceil(seconds * 1000)));
    }
    Instant now = reply.header("date").flatMap(RetryAfter::date).orElseGet(Instant::now);
    return told.flatMap(RetryAfter::date)
        .map(then -> Duration.between(now, then))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
