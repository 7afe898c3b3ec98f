package himmelblau.testing.tenant.login;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.WebPage;
import org.jspecify.annotations.Nullable;

/**
 * A page that carries {@code $Config}. The layout around the JSON is what clients cut it out by, to
 * the character; inside it {@code &}, {@code <} and {@code >} are always escaped.
 */
final class ConfigPage {
  private static final Gson ESCAPING = new GsonBuilder().serializeNulls().create();

  private final JsonObject config = new JsonObject();
  private String body = "";

  ConfigPage(String pageId) {
    config.addProperty("pgid", pageId);
  }

  ConfigPage put(String name, @Nullable Object value) {
    config.add(
        name,
        switch (value) {
          case null -> JsonNull.INSTANCE;
          case JsonElement element -> element;
          case Number number -> new JsonPrimitive(number);
          case Boolean truth -> new JsonPrimitive(truth);
          default -> new JsonPrimitive(value.toString());
        });
    return this;
  }

  /** HTML for users with a browser. */
  ConfigPage body(String html) {
    body = html;
    return this;
  }

  Reply reply(int status) {
    String page =
        "<!DOCTYPE html>\r\n<html><head><title>Sign in to your account</title>\r\n"
            + "<meta name=\"PageID\" content=\""
            + Forms.html(config.get("pgid").getAsString())
            + "\" />\r\n"
            + "<script type=\"text/javascript\">//<![CDATA[\n$Config="
            + ESCAPING.toJson(config)
            + ";\n//]]></script>\r\n"
            + WebPage.STYLE
            + "</head><body><main>"
            + body
            + "</main></body></html>\r\n";
    return Reply.html(status, page);
  }
}
