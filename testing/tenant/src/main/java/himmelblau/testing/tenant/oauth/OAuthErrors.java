package himmelblau.testing.tenant.oauth;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** The error body of the login host. */
public final class OAuthErrors {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'");

  private OAuthErrors() {}

  public static Route.Refusals json(TenantClock clock) {
    return (request, refusal) -> Reply.json(refusal.status(), body(request, refusal, clock));
  }

  static JsonObject body(Request request, Refusal refusal, TenantClock clock) {
    String trace = UUID.randomUUID().toString();
    String correlation =
        request
            .header("client-request-id")
            .orElseGet(
                () ->
                    request.form().getOrDefault("client-request-id", UUID.randomUUID().toString()));
    String time = TIME.format(clock.now().atOffset(ZoneOffset.UTC));
    JsonArray codes = new JsonArray();
    codes.add(refusal.code());
    JsonObject body = new JsonObject();
    body.addProperty("error", refusal.error());
    body.addProperty(
        "error_description",
        refusal.description()
            + " Trace ID: "
            + trace
            + " Correlation ID: "
            + correlation
            + " Timestamp: "
            + time);
    body.add("error_codes", codes);
    body.addProperty("timestamp", time);
    body.addProperty("trace_id", trace);
    body.addProperty("correlation_id", correlation);
    body.addProperty("error_uri", "https://login.microsoftonline.com/error?code=" + refusal.code());
    if (refusal.error().equals("interaction_required")) {
      body.addProperty("suberror", "basic_action");
    }
    refusal.claims().ifPresent(claims -> body.addProperty("claims", claims));
    return body;
  }
}
