package himmelblau.testing.tenant;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Seed;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The whole service without sockets. */
final class InProcess {
  private final Service service = new Service();

  InProcess() throws IOException {
    new Seed(service.directory(), service.settings()).load(Optional.empty());
  }

  Service service() {
    return service;
  }

  Reply get(String host, String path, Map<String, String> query) {
    return call("GET", host, path, Forms.query(query), new byte[0], Map.of());
  }

  Reply post(String path, Map<String, String> form) {
    return call(
        "POST",
        "login.microsoftonline.com",
        path,
        "",
        Forms.query(form).getBytes(StandardCharsets.UTF_8),
        Map.of());
  }

  Reply call(
      String method,
      String host,
      String path,
      String query,
      byte[] body,
      Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("host", host);
    Request request = new Request(method, host, path, query, all, body, Optional.empty());
    Router.Match match = service.router().find(request).orElseThrow();
    Reply reply;
    try {
      reply = match.route().endpoint().answer(request, match.path());
    } catch (Refusal refusal) {
      reply = match.route().refusals().say(request, refusal);
    }
    service.log().record(service.clock().now(), request, reply, Optional.empty(), 0);
    return reply;
  }

  static JsonObject json(Reply reply) {
    return com.google.gson.JsonParser.parseString(reply.bodyText()).getAsJsonObject();
  }

  static int code(Reply reply) {
    return json(reply).getAsJsonArray("error_codes").get(0).getAsInt();
  }
}
