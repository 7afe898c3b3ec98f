package example.roster;

import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's token, and until when it opens an offline sign-in: {@code roster1.SECONDS.TOKEN}. */
record RosterToken(Secret secret, Instant expires) implements AutoCloseable {
  private static final Duration LIFE = Duration.ofDays(14);
  private static final Pattern FORM = Pattern.compile("roster1\\.([0-9]{1,12})\\.([^.]+)");

  static RosterToken fresh(String token, Instant now) {
    return new RosterToken(Secret.ofText(token), now.plus(LIFE));
  }

  /** Reads what {@link #renewal} gave (borrowed); empty when it is anything else. */
  static Optional<RosterToken> of(Secret renewal) {
    Matcher parts = FORM.matcher(renewal.revealText());
    return parts.matches()
        ? Optional.of(
            new RosterToken(
                Secret.ofText(parts.group(2)),
                Instant.ofEpochSecond(Long.parseLong(parts.group(1)))))
        : Optional.empty();
  }

  /** The caller closes it. */
  Secret renewal() {
    return Secret.ofText("roster1." + expires.getEpochSecond() + "." + secret.revealText());
  }

  @Override
  public void close() {
    secret.close();
  }
}
