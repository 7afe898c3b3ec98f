package himmelblau.domain.entra.internal.page;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the {@code $Config} object in a page's scripts. */
public final class PageReader {
  private static final Pattern CONFIG = Pattern.compile("\\$Config\\s{0,8}=\\s{0,8}(?=\\{)");

  private PageReader() {}

  /**
   * Reads a page.
   *
   * @return empty if no script assigns {@code $Config}
   * @throws DomainUnavailable if one does, but not a JSON object
   */
  public static Optional<Page> read(String html, URI base) throws DomainUnavailable {
    String lower = html.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("<script");
    while (at >= 0) {
      int start = lower.indexOf('>', at) + 1;
      int end = start == 0 ? -1 : lower.indexOf("</script", start);
      if (end < 0) {
        return Optional.empty();
      }
      Matcher config = CONFIG.matcher(html).region(start, end);
      if (config.find()) {
        // The JSON reader stops at the matching brace, whatever follows it.
        Json json = Json.parse(html.substring(config.end(), end), "The sign-in page");
        return Optional.of(new Page(base, json));
      }
      at = lower.indexOf("<script", end);
    }
    return Optional.empty();
  }
}
