package himmelblau.testing.tenant.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.TenantServer;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.AppRoles;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.web.Fault;
import himmelblau.testing.tenant.web.RequestLog;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Commands about the service itself: its applications, its faults, its clock, its records. */
final class ServiceCommands {
  private final Service service;
  private final TenantServer server;

  ServiceCommands(Service service, TenantServer server) {
    this.service = service;
    this.server = server;
  }

  void register(Map<String, AdminHandler.Command> commands) {
    commands.put("requests", this::requests);
    commands.put("app-add", this::appAdd);
    commands.put("app-del", this::appDel);
    commands.put("app-list", arguments -> appList());
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

  private Tenant tenant(Arguments arguments) {
    String name = arguments.need("tenant");
    return service
        .directory()
        .tenant(name)
        .orElseThrow(() -> new IllegalArgumentException("no tenant '" + name + "'"));
  }

  /** Adds an application, or a secret or certificate to one that is there. */
  private JsonElement appAdd(Arguments arguments) {
    Tenant tenant = tenant(arguments);
    UUID clientId = UUID.fromString(arguments.need("client-id"));
    Optional<App> before = service.directory().app(tenant.id(), clientId);
    List<App.Secret> secrets = new ArrayList<>(before.map(App::secrets).orElse(List.of()));
    Instant expires =
        arguments.text("expires-in").isPresent()
            ? service.clock().now().plusSeconds((long) arguments.number("expires-in", 0))
            : Instant.MAX;
    arguments.text("secret").ifPresent(value -> secrets.add(new App.Secret(value, expires)));
    List<X509Certificate> certificates =
        new ArrayList<>(before.map(App::certificates).orElse(List.of()));
    arguments.text("cert").ifPresent(pem -> certificates.add(certificate(pem)));
    List<String> redirects = new ArrayList<>(before.map(App::redirectUris).orElse(List.of()));
    redirects.addAll(arguments.list("redirect-uri"));
    if (redirects.isEmpty()) {
      redirects.add("himmelblau://Himmelblau.EntraId.BrokerPlugin");
    }
    List<String> roles = arguments.list("role");
    service
        .directory()
        .put(
            new App(
                tenant.id(),
                clientId,
                before.map(App::objectId).orElseGet(UUID::randomUUID),
                arguments.text("name").orElse("app"),
                List.copyOf(redirects),
                List.copyOf(secrets),
                List.copyOf(certificates),
                roles.isEmpty() ? before.map(App::roles).orElse(AppRoles.DEFAULT) : roles));
    return AdminHandler.text(
        clientId
            + " in "
            + tenant.domains().get(0)
            + ": "
            + secrets.size()
            + " secrets, "
            + certificates.size()
            + " certificates");
  }

  private static X509Certificate certificate(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("the file holds no PEM certificate", e);
    }
  }

  private JsonElement appDel(Arguments arguments) {
    Tenant tenant = tenant(arguments);
    UUID clientId = UUID.fromString(arguments.need("client-id"));
    App app =
        service
            .directory()
            .app(tenant.id(), clientId)
            .orElseThrow(() -> new IllegalArgumentException("no application " + clientId));
    service.directory().remove(app);
    return AdminHandler.text("deleted " + clientId);
  }

  private JsonElement appList() {
    JsonArray list = new JsonArray();
    for (Tenant tenant : service.directory().tenants()) {
      for (App app : service.directory().apps(tenant.id())) {
        JsonObject entry = new JsonObject();
        entry.addProperty("client-id", app.clientId().toString());
        entry.addProperty("tenant", tenant.domains().get(0));
        entry.addProperty("secrets", app.secrets().size());
        entry.addProperty("certificates", app.certificates().size());
        list.add(entry);
      }
    }
    return list;
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
