package himmelblau.testing.tenant.drs;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.RsaBlob;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.HelloKey;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.Nonces;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Discovery of the registration services, their nonce, and the registration of Hello keys. */
public final class DrsEndpoint {
  private final Directory directory;
  private final Bearer bearer;
  private final Nonces nonces;
  private final TenantClock clock;

  public DrsEndpoint(Directory directory, Bearer bearer, Nonces nonces, TenantClock clock) {
    this.directory = directory;
    this.bearer = bearer;
    this.nonces = nonces;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.of(
            "GET", "/{tenant}/Discover", (r, path) -> discover(path), DrsErrors.refusals(clock)),
        Route.of(
            "GET",
            "/EnrollmentServer/nonce/{tenant}",
            (r, path) -> nonce(r),
            DrsErrors.refusals(clock)),
        Route.of(
            "POST",
            "/EnrollmentServer/key",
            (r, path) -> register(r),
            (request, refusal) ->
                DrsErrors.key(refusal.status(), "InvalidRequest", refusal.description(), clock)));
  }

  private Reply discover(Map<String, String> path) {
    String name = path.getOrDefault("tenant", "");
    Optional<Tenant> tenant = directory.tenant(name);
    if (tenant.isEmpty()) {
      return DrsErrors.device(400, "TenantNotFound", "There is no tenant " + name + ".", clock);
    }
    String id = tenant.get().id().toString();
    String base = "https://enterpriseregistration.windows.net/EnrollmentServer/";
    JsonObject body = new JsonObject();
    JsonObject registration = new JsonObject();
    registration.addProperty("RegistrationEndpoint", base + "DeviceEnrollmentWebService.svc");
    registration.addProperty("RegistrationResourceId", Resources.DRS_URN);
    registration.addProperty("ServiceVersion", "1.0");
    body.add("DeviceRegistrationService", registration);
    JsonObject oauth = new JsonObject();
    oauth.addProperty(
        "AuthCodeEndpoint", "https://login.microsoftonline.com/" + id + "/oauth2/authorize");
    oauth.addProperty("TokenEndpoint", "https://login.microsoftonline.com/" + id + "/oauth2/token");
    JsonObject authentication = new JsonObject();
    authentication.add("OAuth2", oauth);
    body.add("AuthenticationService", authentication);
    JsonObject identity = new JsonObject();
    identity.addProperty("Federated", false);
    identity.addProperty(
        "PassiveAuthEndpoint", "https://login.microsoftonline.com/" + id + "/wsfed");
    body.add("IdentityProviderService", identity);
    body.add(
        "DeviceJoinService", service("JoinEndpoint", base + "device/", "JoinResourceId", "2.0"));
    body.add(
        "KeyProvisioningService",
        service("KeyProvisionEndpoint", base + "key/", "KeyProvisionResourceId", "1.0"));
    body.add("NonceService", service("Endpoint", base + "nonce/" + id + "/", "ResourceId", "1.0"));
    JsonObject info = new JsonObject();
    info.addProperty("TenantId", id);
    info.addProperty("TenantName", tenant.get().domains().get(0));
    info.addProperty("DisplayName", tenant.get().name());
    body.add("TenantInfo", info);
    return Reply.json(body);
  }

  private static JsonObject service(
      String endpointName, String endpoint, String resourceName, String version) {
    JsonObject service = new JsonObject();
    service.addProperty(endpointName, endpoint);
    service.addProperty(resourceName, Resources.DRS_URN);
    service.addProperty("ServiceVersion", version);
    return service;
  }

  private Reply nonce(Request request) {
    try {
      bearer.accept(request, DeviceEndpoint.AUDIENCES);
    } catch (Bearer.Rejected e) {
      return DrsErrors.device(401, "AuthenticationError", String.valueOf(e.getMessage()), clock);
    }
    JsonObject body = new JsonObject();
    body.addProperty("Value", nonces.issue());
    return Reply.json(body);
  }

  private Reply register(Request request) {
    Bearer.Accepted token;
    try {
      token = bearer.accept(request, DeviceEndpoint.AUDIENCES);
    } catch (Bearer.Rejected e) {
      return unauthorized(String.valueOf(e.getMessage()));
    }
    if (!token.list("amr").contains("ngcmfa")) {
      return unauthorized("The token does not show fresh multi-factor authentication (ngcmfa).");
    }
    Optional<Device> device =
        token
            .token()
            .claim("deviceid")
            .map(UUID::fromString)
            .flatMap(directory::device)
            .filter(Device::enabled);
    if (device.isEmpty()) {
      return unauthorized("The token names no registered and enabled device.");
    }
    Optional<User> user = directory.user(token.tenant(), token.object()).filter(User::enabled);
    if (user.isEmpty() || !device.get().tenant().equals(token.tenant())) {
      return unauthorized("The user of the token may not register keys on this device.");
    }
    byte[] blob;
    RSAPublicKey key;
    try {
      JsonObject asked =
          request.json().orElseThrow(() -> new IllegalArgumentException("the body is not JSON"));
      if (!asked.has("kngc")) {
        throw new IllegalArgumentException("kngc is missing");
      }
      blob = Encoding.decode(asked.get("kngc").getAsString());
      key = RsaBlob.parse(blob);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return DrsErrors.key(
          400, "InvalidRequest", "The key cannot be registered: " + e.getMessage() + ".", clock);
    }
    UUID registration = UUID.randomUUID();
    directory.put(
        new HelloKey(
            token.tenant(),
            user.get().id(),
            device.get().id(),
            registration,
            RsaBlob.keyId(blob),
            key));
    JsonObject body = new JsonObject();
    body.addProperty("kid", registration.toString());
    body.addProperty("upn", user.get().upn());
    body.addProperty(
        "krctx", Encoding.b64(Encoding.utf8("{\"Data\":\"\",\"Format\":1,\"Version\":1}")));
    return Reply.json(body).with("request-id", UUID.randomUUID().toString());
  }

  private Reply unauthorized(String message) {
    return DrsErrors.key(401, "AuthenticationError", message, clock);
  }
}
