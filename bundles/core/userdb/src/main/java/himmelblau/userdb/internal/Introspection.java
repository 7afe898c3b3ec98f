package himmelblau.userdb.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * org.varlink.service (varlink.org/Service): the description of this service and its interfaces.
 */
final class Introspection {
  static final String INTERFACE = "org.varlink.service";

  private static final List<String> INTERFACES = List.of(INTERFACE, UserDatabase.INTERFACE);

  private final String version;

  Introspection(String version) {
    this.version = version;
  }

  JsonObject call(String method, CallParameters parameters) throws CallRefused {
    JsonObject reply = new JsonObject();
    switch (method) {
      case "GetInfo" -> {
        parameters.only(Set.of());
        reply.addProperty("vendor", "himmelblau-osgi");
        reply.addProperty("product", "himmelblaud");
        reply.addProperty("version", version);
        reply.addProperty("url", "");
        JsonArray interfaces = new JsonArray();
        INTERFACES.forEach(interfaces::add);
        reply.add("interfaces", interfaces);
      }
      case "GetInterfaceDescription" -> {
        parameters.only(Set.of("interface"));
        String name =
            parameters.text("interface").orElseThrow(() -> CallRefused.invalid("interface"));
        if (!INTERFACES.contains(name)) {
          throw CallRefused.noInterface(name);
        }
        reply.addProperty("description", description(name));
      }
      default -> throw CallRefused.noMethod(INTERFACE + "." + method);
    }
    return reply;
  }

  private static String description(String name) {
    try (InputStream text = Introspection.class.getResourceAsStream(name + ".varlink")) {
      if (text == null) {
        throw new IllegalStateException("The bundle lacks " + name + ".varlink");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
