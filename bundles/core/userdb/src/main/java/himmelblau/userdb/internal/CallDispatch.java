package himmelblau.userdb.internal;

import com.google.gson.JsonObject;
import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Answers the calls of one peer in order. */
final class CallDispatch {
  private static final Log LOG = Log.of(CallDispatch.class);

  private final Introspection introspection;
  private final UserDatabase database;

  CallDispatch(Introspection introspection, UserDatabase database) {
    this.introspection = introspection;
    this.database = database;
  }

  /** Runs until the peer disconnects, or is too slow, or sends something that is not a call. */
  void serve(VarlinkConnection line) throws IOException {
    Optional<byte[]> next = line.first();
    while (next.isPresent()) {
      VarlinkCall call = VarlinkCall.parse(next.get());
      answer(call, line);
      line.flush();
      next = line.next();
    }
  }

  private void answer(VarlinkCall call, VarlinkConnection line) throws IOException {
    try {
      List<JsonObject> replies = call(call);
      if (call.oneway()) {
        return;
      }
      for (int i = 0; i < replies.size(); i++) {
        JsonObject reply = new JsonObject();
        reply.add("parameters", replies.get(i));
        if (i < replies.size() - 1) {
          reply.addProperty("continues", true);
        }
        send(reply, line);
      }
    } catch (CallRefused refused) {
      error(refused, call, line);
    } catch (RuntimeException e) {
      LOG.error("userdb.failed", e);
      error(CallRefused.database("ServiceNotAvailable"), call, line);
    }
  }

  private List<JsonObject> call(VarlinkCall call) throws CallRefused {
    int dot = call.method().lastIndexOf('.');
    String name = call.method().substring(dot + 1);
    return switch (call.method().substring(0, Math.max(dot, 0))) {
      case Introspection.INTERFACE -> List.of(introspection.call(name, call.parameters()));
      case UserDatabase.INTERFACE -> database.call(name, call.parameters(), call.more());
      case String other -> throw CallRefused.noInterface(other);
    };
  }

  private static void error(CallRefused refused, VarlinkCall call, VarlinkConnection line)
      throws IOException {
    if (!call.oneway()) {
      JsonObject reply = new JsonObject();
      reply.addProperty("error", refused.error());
      reply.add("parameters", refused.parameters());
      send(reply, line);
    }
  }

  private static void send(JsonObject reply, VarlinkConnection line) throws IOException {
    line.send(reply.toString().getBytes(StandardCharsets.UTF_8));
  }
}
