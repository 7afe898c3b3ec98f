package himmelblau.testing.tenant.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.TenantServer;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The admin listener: {@code POST /api/COMMAND} with a JSON object of arguments, answered with a
 * JSON value; and the page that plays the phone.
 */
public final class AdminHandler extends Handler.Abstract {
  /** One command. Whatever is wrong with its arguments is an IllegalArgumentException. */
  @FunctionalInterface
  interface Command {
    JsonElement run(Arguments arguments) throws Exception;
  }

  private final Map<String, Command> commands = new HashMap<>();

  public AdminHandler(Service service, TenantServer server) {
    new DirectoryCommands(service).register(commands);
    new DeviceCommands(service).register(commands);
    new AppCommands(service).register(commands);
    new PhoneCommands(service).register(commands);
    new ServiceCommands(service, server).register(commands);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    Reply reply;
    if (path != null && path.startsWith("/api/") && request.getMethod().equals("POST")) {
      // A page of another origin cannot send this without asking first, which nobody answers.
      reply =
          request.getHeaders().contains("Content-Type", "application/json")
              ? run(path.substring(5), Content.Source.asString(request, StandardCharsets.UTF_8))
              : error(415, "send application/json");
    } else if ("/".equals(path) && request.getMethod().equals("GET")) {
      reply = PhonePage.reply();
    } else {
      reply = error(404, "there is " + "POST /api/COMMAND and the phone page at /");
    }
    response.setStatus(reply.status());
    reply.headers().forEach(h -> response.getHeaders().add(h.getKey(), h.getValue()));
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
    return true;
  }

  private Reply run(String name, String body) {
    Command command = commands.get(name);
    if (command == null) {
      return error(
          404,
          "no command '" + name + "'; there are " + new java.util.TreeSet<>(commands.keySet()));
    }
    try {
      JsonElement arguments = body.isBlank() ? new JsonObject() : JsonParser.parseString(body);
      return Reply.json(command.run(new Arguments(arguments.getAsJsonObject())));
    } catch (IllegalArgumentException | IllegalStateException | JsonParseException e) {
      return error(400, String.valueOf(e.getMessage()));
    } catch (Refusal e) {
      return error(400, e.description());
    } catch (Exception e) {
      e.printStackTrace();
      return error(500, e.toString());
    }
  }

  private static Reply error(int status, String text) {
    JsonObject body = new JsonObject();
    body.addProperty("error", text);
    return Reply.json(status, body);
  }

  static JsonElement text(String text) {
    return new JsonPrimitive(text);
  }
}
