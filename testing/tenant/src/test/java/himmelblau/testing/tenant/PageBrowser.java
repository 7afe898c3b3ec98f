package himmelblau.testing.tenant;

import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without scripts, which keeps the cookie that it got last. */
final class PageBrowser {
  private final InProcess tenant;
  private String cookies = "";

  PageBrowser(InProcess tenant) {
    this.tenant = tenant;
  }

  void forgetCookies() {
    cookies = "";
  }

  Reply open(String path) {
    return kept(tenant.get("login.microsoftonline.com", path, Map.of()));
  }

  /** Submits the form of a page whose button has this text. */
  Reply submit(Reply page, String button, Map<String, String> typed) {
    Matcher forms =
        Pattern.compile("<form method=\"post\" action=\"([^\"]*)\">(.*?)</form>", Pattern.DOTALL)
            .matcher(page.bodyText());
    while (forms.find()) {
      if (!forms.group(2).contains("type=\"submit\" value=\"" + button + "\"")) {
        continue;
      }
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher hidden =
          Pattern.compile("type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\"")
              .matcher(forms.group(2));
      while (hidden.find()) {
        fields.put(hidden.group(1), hidden.group(2));
      }
      for (String field : typed.keySet()) {
        assertTrue(forms.group(2).contains("name=\"" + field + "\""), "the form asks for " + field);
      }
      fields.putAll(typed);
      String path = forms.group(1).replaceFirst("https://[^/]*", "");
      return kept(
          tenant.call(
              "POST",
              "login.microsoftonline.com",
              path,
              "",
              Forms.query(fields).getBytes(StandardCharsets.UTF_8),
              Map.of("cookie", cookies)));
    }
    throw new AssertionError("no button " + button + ": " + page.bodyText());
  }

  private Reply kept(Reply reply) {
    reply.headers().stream()
        .filter(header -> header.getKey().equals("Set-Cookie"))
        .forEach(header -> cookies = header.getValue().split(";")[0]);
    return reply;
  }

  static void assertTitle(String title, Reply page) {
    assertTrue(page.bodyText().contains("<h1>" + title + "</h1>"), page.bodyText());
  }

  static String text(Reply page, String id) {
    Matcher found = Pattern.compile("id=\"" + id + "\">([^<]*)<").matcher(page.bodyText());
    assertTrue(found.find(), page.bodyText());
    return found.group(1);
  }
}
