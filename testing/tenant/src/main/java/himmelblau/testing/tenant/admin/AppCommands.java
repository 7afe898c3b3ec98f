package himmelblau.testing.tenant.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.AppRoles;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Registration;
import himmelblau.testing.tenant.directory.Tenant;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Commands about application registrations: what they prove themselves with, what they may. */
final class AppCommands {
  private static final String REDIRECT = "himmelblau://Himmelblau.EntraId.BrokerPlugin";

  private final Service service;
  private final Directory directory;

  AppCommands(Service service) {
    this.service = service;
    this.directory = service.directory();
  }

  void register(Map<String, AdminHandler.Command> commands) {
    commands.put("app-add", this::add);
    commands.put("app-del", this::delete);
    commands.put("app-list", arguments -> list());
    commands.put("app-consent", this::consent);
  }

  /** The tenant that was named; without a word an application is registered in each. */
  private Collection<Tenant> tenants(Arguments arguments) {
    Optional<String> name = arguments.text("tenant");
    if (name.isEmpty()) {
      return directory.tenants();
    }
    return List.of(
        directory
            .tenant(name.get())
            .orElseThrow(() -> new IllegalArgumentException("no tenant '" + name.get() + "'")));
  }

  /** Adds an application, or a secret or certificate to one that is there. */
  private JsonElement add(Arguments arguments) {
    Optional<X509Certificate> certificate =
        arguments.text("certificate").map(AppCommands::certificate);
    Optional<App.Secret> secret =
        arguments.text("secret").map(value -> new App.Secret(value, expiry(arguments)));
    List<String> permissions = AppRoles.of(arguments.list("permission"));
    boolean chosen = !arguments.list("permission").isEmpty();
    UUID clientId = clientId(arguments);
    List<String> said = new ArrayList<>();
    for (Tenant tenant : tenants(arguments)) {
      Optional<App> before = directory.app(tenant.id(), clientId);
      List<App.Secret> secrets = new ArrayList<>(before.map(App::secrets).orElse(List.of()));
      secret.ifPresent(secrets::add);
      List<X509Certificate> certificates =
          new ArrayList<>(before.map(App::certificates).orElse(List.of()));
      certificate.ifPresent(certificates::add);
      List<String> redirects = new ArrayList<>(before.map(App::redirectUris).orElse(List.of()));
      redirects.addAll(arguments.list("redirect-uri"));
      App app =
          new App(
              tenant.id(),
              clientId,
              before.map(App::objectId).orElseGet(UUID::randomUUID),
              arguments.text("name").or(() -> before.map(App::name)).orElse("app"),
              redirects.isEmpty() ? List.of(REDIRECT) : List.copyOf(redirects),
              List.copyOf(secrets),
              List.copyOf(certificates),
              chosen ? permissions : before.map(App::roles).orElse(AppRoles.DEFAULT),
              before.map(App::registration).orElse(Registration.OPEN));
      directory.put(app);
      said.add(
          tenant.domains().get(0)
              + ": "
              + secrets.size()
              + " secrets, "
              + certificates.size()
              + " certificates, "
              + (app.roles().isEmpty() ? "no permission" : String.join(",", app.roles())));
    }
    return AdminHandler.text(clientId + " in " + String.join("; ", said));
  }

  /** The id that was given, that of the application of this name, or one for the name. */
  private UUID clientId(Arguments arguments) {
    if (arguments.text("client-id").isPresent()) {
      return guid(arguments.need("client-id"));
    }
    String name = arguments.need("name");
    return directory.tenants().stream()
        .flatMap(tenant -> directory.apps(tenant.id()).stream())
        .filter(app -> app.name().equals(name))
        .map(App::clientId)
        .findFirst()
        .orElseGet(() -> UUID.nameUUIDFromBytes(("app:" + name).getBytes(StandardCharsets.UTF_8)));
  }

  private static UUID guid(String text) {
    if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw new IllegalArgumentException("'" + text + "' is no application id (a GUID)");
    }
    return UUID.fromString(text);
  }

  /** Seconds from now, or the first moment of a day. */
  private Instant expiry(Arguments arguments) {
    Optional<String> given = arguments.text("expires");
    if (given.isEmpty()) {
      return Instant.MAX;
    }
    try {
      return LocalDate.parse(given.get()).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      return service.clock().now().plusSeconds((long) arguments.number("expires", 0));
    }
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

  private JsonElement delete(Arguments arguments) {
    String wanted = arguments.text("client-id").orElseGet(() -> arguments.need("name"));
    int removed = 0;
    for (Tenant tenant : tenants(arguments)) {
      for (App app : directory.apps(tenant.id())) {
        if (app.clientId().toString().equalsIgnoreCase(wanted) || app.name().equals(wanted)) {
          directory.remove(app);
          removed++;
        }
      }
    }
    if (removed == 0) {
      throw new IllegalArgumentException("no application '" + wanted + "'");
    }
    return AdminHandler.text("deleted " + wanted);
  }

  /** What an administrator consents to: what was named, or what the application asks for. */
  private JsonElement consent(Arguments arguments) {
    String wanted = arguments.text("client-id").orElseGet(() -> arguments.need("name"));
    List<String> said = new ArrayList<>();
    for (Tenant tenant : tenants(arguments)) {
      for (App app : directory.apps(tenant.id())) {
        if (app.clientId().toString().equalsIgnoreCase(wanted) || app.name().equals(wanted)) {
          List<String> named = arguments.list("scope");
          Registration consented =
              app.registration().consent(named.isEmpty() ? app.registration().required() : named);
          directory.put(app.with(consented));
          said.add(
              tenant.domains().get(0)
                  + ": "
                  + String.join(
                      ",", consented.consented().orElseThrow().stream().sorted().toList()));
        }
      }
    }
    if (said.isEmpty()) {
      throw new IllegalArgumentException("no application '" + wanted + "'");
    }
    return AdminHandler.text(String.join("; ", said));
  }

  private JsonElement list() {
    JsonArray list = new JsonArray();
    for (Tenant tenant : directory.tenants()) {
      for (App app : directory.apps(tenant.id())) {
        JsonObject entry = new JsonObject();
        entry.addProperty("name", app.name());
        entry.addProperty("client-id", app.clientId().toString());
        entry.addProperty("tenant", tenant.domains().get(0));
        entry.addProperty("secrets", app.secrets().size());
        entry.addProperty("certificates", app.certificates().size());
        entry.addProperty("permissions", String.join(",", app.roles()));
        list.add(entry);
      }
    }
    return list;
  }
}
