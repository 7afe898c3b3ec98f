package himmelblau.testing.tenant.graph;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.UUID;

/** Graph's error body. */
final class GraphErrors {
  private GraphErrors() {}

  static Reply of(Request request, int status, String code, String message, TenantClock clock) {
    JsonObject inner = new JsonObject();
    inner.addProperty("date", clock.now().toString());
    inner.addProperty("request-id", UUID.randomUUID().toString());
    inner.addProperty("client-request-id", request.header("client-request-id").orElse("unknown"));
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("message", message);
    error.add("innerError", inner);
    JsonObject body = new JsonObject();
    body.add("error", error);
    return Reply.json(status, body);
  }

  static Reply notFound(Request request, String what, TenantClock clock) {
    return of(
        request,
        404,
        "Request_ResourceNotFound",
        "Resource '"
            + what
            + "' does not exist or one of its queried reference-property objects are not present.",
        clock);
  }

  static Reply denied(Request request, TenantClock clock) {
    return of(
        request,
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
        clock);
  }

  static Route.Refusals refusals(TenantClock clock) {
    return (request, refusal) ->
        of(request, refusal.status(), "InvalidAuthenticationToken", refusal.description(), clock);
  }
}
