package himmelblau.api.account;

import java.util.Locale;
import java.util.Optional;

/**
 * A user principal name, lower-cased: {@code local@domain}. Never a short name, never a display
 * name.
 *
 * @param local the part before the {@code @}, not empty
 * @param domain the part after it, not empty
 */
public record AccountName(String local, String domain) {
  private static final int MAX_LENGTH = 320; // RFC 3696 errata: 64 + 1 + 255

  public AccountName {
    local = local.toLowerCase(Locale.ROOT);
    domain = domain.toLowerCase(Locale.ROOT);
    if (!acceptable(local)
        || !acceptable(domain)
        || local.length() + domain.length() >= MAX_LENGTH) {
      throw new IllegalArgumentException("Not a user principal name");
    }
  }

  /**
   * Reads {@code text} as {@code local@domain}; empty when it is anything else (no or several
   * {@code @}, blanks, colons, slashes, control characters, too long).
   */
  public static Optional<AccountName> parse(String text) {
    int at = text.indexOf('@');
    if (at <= 0 || at != text.lastIndexOf('@') || at == text.length() - 1) {
      return Optional.empty();
    }
    String local = text.substring(0, at);
    String domain = text.substring(at + 1);
    if (!acceptable(local) || !acceptable(domain) || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return Optional.of(new AccountName(local, domain));
  }

  private static boolean acceptable(String part) {
    // A colon or a newline would inject lines into passwd(5) and similar files; a slash would allow
    // path traversal.
    return !part.isEmpty()
        && part.codePoints()
            .noneMatch(
                c ->
                    c <= ' '
                        || c == ':'
                        || c == '/'
                        || c == '\\'
                        || c == '@'
                        || Character.isISOControl(c)
                        || Character.isWhitespace(c));
  }

  /** The whole name, {@code local@domain}. */
  public String upn() {
    return local + "@" + domain;
  }

  @Override
  public String toString() {
    return upn();
  }
}
