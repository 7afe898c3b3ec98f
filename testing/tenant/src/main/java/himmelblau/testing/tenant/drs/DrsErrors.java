package himmelblau.testing.tenant.drs;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Route;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** The error replies of the device registration service; those of the key service differ. */
final class DrsErrors {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM-dd-uuuu HH:mm:ss'Z'");

  private DrsErrors() {}

  static Reply device(int status, String type, String message, TenantClock clock) {
    JsonObject body = new JsonObject();
    body.addProperty("ErrorType", type);
    body.addProperty("Message", message);
    body.addProperty("TraceId", UUID.randomUUID().toString());
    body.addProperty("Time", TIME.format(clock.now().atOffset(ZoneOffset.UTC)));
    return Reply.json(status, body);
  }

  static Reply key(int status, String code, String message, TenantClock clock) {
    JsonObject body = new JsonObject();
    body.addProperty("code", code);
    body.addProperty("message", message);
    body.addProperty("response", "ERROR_FAIL");
    body.addProperty("target", "https://enterpriseregistration.windows.net/EnrollmentServer/key/");
    body.addProperty("time", TIME.format(clock.now().atOffset(ZoneOffset.UTC)));
    return Reply.json(status, body);
  }

  static Route.Refusals refusals(TenantClock clock) {
    return (request, refusal) ->
        device(refusal.status(), "AuthenticationError", refusal.description(), clock);
  }
}
