package himmelblau.testing.tenant.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.TenantServer;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.web.Fault;
import himmelblau.testing.tenant.web.RequestLog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Commands about the service itself: its faults, its clock, its records. */
final class ServiceCommands {
  private final Service service;
  private final TenantServer server;

  ServiceCommands(Service service, TenantServer server) {
    this.service = service;
    this.server = server;
  }

  void register(Map<String, AdminHandler.Command> commands) {
    commands.put("requests", this::requests);
    commands.put("fault-add", this::faultAdd);
    commands.put("fault-clear", arguments -> faultClear());
    commands.put("fault-list", arguments -> faultList());
    commands.put("clock-skew", this::clockSkew);
    commands.put("setting", this::setting);
    commands.put("stop", arguments -> stop());
    commands.put("start", arguments -> start());
    commands.put("status", arguments -> status());
  }

  private JsonElement requests(Arguments arguments) {
    JsonArray all = service.log().all();
    if (arguments.on("clear")) {
      service.log().clear();
    }
    if (arguments.on("json")) {
      return all;
    }
    JsonArray lines = new JsonArray();
    all.forEach(entry -> lines.add(RequestLog.line(entry.getAsJsonObject())));
    return lines;
  }

  private JsonElement faultAdd(Arguments arguments) {
    Fault.Kind kind = null;
    double value = 0;
    for (Fault.Kind candidate : Fault.Kind.values()) {
      Optional<String> given = arguments.text(candidate.word());
      if (given.isEmpty() || given.get().equals("false")) {
        continue;
      }
      if (kind != null) {
        throw new IllegalArgumentException("give one kind of fault, not two");
      }
      kind = candidate;
      value = given.get().equals("true") ? 0 : arguments.number(candidate.word(), 0);
    }
    if (kind == null) {
      throw new IllegalArgumentException("say what shall go wrong: status, aadsts, delay, …");
    }
    Fault fault =
        new Fault(
            arguments.text("host").orElse("*"),
            arguments.need("path"),
            arguments.text("grant").orElse("*"),
            kind,
            value,
            (int) arguments.number("retry-after", 0));
    service.faults().add(fault, (int) arguments.number("count", 0));
    return faultList();
  }

  private JsonElement faultClear() {
    service.faults().clear();
    return AdminHandler.text("no faults");
  }

  private JsonElement faultList() {
    JsonArray list = new JsonArray();
    service.faults().list().forEach(list::add);
    return list;
  }

  private JsonElement clockSkew(Arguments arguments) {
    service.clock().skew(Duration.ofMillis((long) (arguments.number("seconds", 0) * 1000)));
    return AdminHandler.text("the service's clock says " + service.clock().now());
  }

  private JsonElement setting(Arguments arguments) {
    if (arguments.text("name").isPresent()) {
      service.settings().set(arguments.need("name"), arguments.need("value"));
    }
    JsonObject all = new JsonObject();
    service.settings().all().forEach(all::addProperty);
    return all;
  }

  private JsonElement stop() throws Exception {
    server.unreachable();
    return AdminHandler.text("unreachable");
  }

  private JsonElement start() throws Exception {
    server.reachable();
    return AdminHandler.text("reachable");
  }

  private JsonElement status() {
    JsonObject status = new JsonObject();
    status.addProperty("time", service.clock().now().toString());
    status.addProperty("requests", service.log().all().size());
    JsonArray tenants = new JsonArray();
    for (Tenant tenant : service.directory().tenants()) {
      tenants.add(tenant.id() + " " + String.join(",", tenant.domains()));
    }
    status.add("tenants", tenants);
    return status;
  }
}
