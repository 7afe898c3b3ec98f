package himmelblau.testing.tenant.web;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Something to go wrong on purpose.
 *
 * @param host glob over the host name
 * @param path glob over the path, letter case ignored
 * @param grant glob over the {@code grant_type} of a token request; {@code *} for any request
 * @param value the number that the kind needs: a status, an AADSTS code, seconds; else 0
 * @param retryAfter seconds for a Retry-After header, 0 for none
 */
public record Fault(
    String host, String path, String grant, Kind kind, double value, int retryAfter) {
  /** What happens. */
  public enum Kind {
    STATUS,
    AADSTS,
    DELAY,
    RESET,
    MALFORMED,
    HUGE,
    BAD_SIGNATURE,
    STALL;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** One that hits any grant. */
  public Fault(String host, String path, Kind kind, double value, int retryAfter) {
    this(host, path, "*", kind, value, retryAfter);
  }

  boolean hits(Request request) {
    return glob(host, request.host())
        && glob(path, request.path())
        && (grant.equals("*") || glob(grant, request.form().getOrDefault("grant_type", "")));
  }

  private static boolean glob(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE).matcher(text).matches();
  }
}
