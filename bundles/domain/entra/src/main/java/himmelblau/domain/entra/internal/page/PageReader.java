package himmelblau.domain.entra.internal.page;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
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
    int at = find(html, "<script", 0);
    while (at >= 0) {
      int start = html.indexOf('>', at) + 1;
      int end = start == 0 ? -1 : find(html, "</script", start);
      if (end < 0) {
        return Optional.empty();
      }
      Matcher config = CONFIG.matcher(html).region(start, end);
      if (config.find()) {
        // The JSON reader stops at the matching brace, whatever follows it.
        Json json = Json.parse(html.substring(config.end(), end), "The sign-in page");
        return Optional.of(new Page(base, json));
      }
      at = find(html, "<script", end);
    }
    return Optional.empty();
  }

  /** Whatever the case; a copy in lower case may be longer, with other places. */
  private static int find(String html, String tag, int from) {
    int at = html.indexOf('<', from);
    while (at >= 0 && !html.regionMatches(true, at, tag, 0, tag.length())) {
      at = html.indexOf('<', at + 1);
    }
    return at;
  }
}
