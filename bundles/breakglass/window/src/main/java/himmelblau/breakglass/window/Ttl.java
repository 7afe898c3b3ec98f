package himmelblau.breakglass.window;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users type them (host-behaviour 1.3). */
public final class Ttl {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smhd]?)");

  private Ttl() {}

  /** What was typed in {@code --ttl TIME} or {@code --ttl=TIME}; empty if it is anything else. */
  public static Optional<String> argument(List<String> arguments) {
    if (arguments.size() == 2 && arguments.get(0).equals("--ttl")) {
      return Optional.of(arguments.get(1));
    }
    return arguments.size() == 1 && arguments.get(0).startsWith("--ttl=")
        ? Optional.of(arguments.get(0).substring("--ttl=".length()))
        : Optional.empty();
  }

  /** Empty if {@code text} is not a number with at most one of the suffixes s, m, h, d. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        });
  }
}
