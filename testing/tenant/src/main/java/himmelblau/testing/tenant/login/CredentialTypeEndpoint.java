package himmelblau.testing.tenant.login;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.WebAuthn;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.oauth.OAuthErrors;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.List;
import java.util.Optional;

/** GetCredentialType: whether an account exists, and how it may sign in. */
public final class CredentialTypeEndpoint {
  private static final int PASSWORD = 1;
  private static final int REMOTE_NGC = 2;
  private static final int FIDO = 7;
  private static final int ACCESS_PASS = 13;

  private final Flows flows;
  private final Directory directory;
  private final Credentials credentials;
  private final RemoteNgc remoteNgc;
  private final TenantClock clock;

  public CredentialTypeEndpoint(
      Flows flows,
      Directory directory,
      Credentials credentials,
      RemoteNgc remoteNgc,
      TenantClock clock) {
    this.flows = flows;
    this.directory = directory;
    this.credentials = credentials;
    this.remoteNgc = remoteNgc;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.of(
            "POST",
            "/{tenant}/GetCredentialType",
            (request, path) -> answer(request),
            OAuthErrors.json(clock)));
  }

  private Reply answer(Request request) {
    JsonObject asked = request.json().orElseThrow(() -> Refusal.aadsts(9002313));
    String name = Json.text(asked, "username");
    if (name.isBlank()) {
      throw Refusal.aadsts(90014, "The required field 'username' is missing from the request.");
    }
    String token = Json.text(asked, "flowToken");
    Optional<Flow> flow =
        token.isEmpty()
            ? Optional.empty()
            : Optional.of(flows.find(token, Json.text(asked, "originalRequest")));
    Optional<User> user = directory.user(name);
    JsonObject body = new JsonObject();
    body.addProperty("Username", name);
    body.addProperty("Display", name);
    body.addProperty("IfExistsResult", user.isPresent() ? 0 : 1);
    body.addProperty("IsUnmanaged", false);
    body.addProperty("ThrottleStatus", 0);
    body.add(
        "Credentials",
        user.map(
                u ->
                    offered(
                        u,
                        Json.on(asked, "isRemoteNGCSupported"),
                        Json.on(asked, "isFidoSupported")))
            .orElseGet(CredentialTypeEndpoint::passwordOnly));
    JsonObject ests = new JsonObject();
    ests.add("UserTenantBranding", JsonNull.INSTANCE);
    ests.addProperty("DomainType", directory.tenantOfName(name).isPresent() ? 3 : 1);
    body.add("EstsProperties", ests);
    flow.ifPresent(f -> body.addProperty("FlowToken", f.newFlowToken()));
    body.addProperty("IsSignupDisallowed", true);
    body.addProperty("apiCanary", flow.map(Flow::newCanary).orElse(""));
    return Reply.json(body);
  }

  private JsonObject offered(User user, boolean remoteNgcSupported, boolean fidoSupported) {
    JsonObject offer = passwordOnly();
    offer.addProperty("HasPassword", !user.password().isEmpty());
    int preferred = PASSWORD;
    String first = user.methods().isEmpty() ? "" : user.methods().get(0);
    List<WebAuthn.Passkey> passkeys = credentials.passkeys(user);
    if (fidoSupported && !passkeys.isEmpty()) {
      JsonArray allow = new JsonArray();
      passkeys.forEach(key -> allow.add(Encoding.b64(key.credentialId())));
      JsonObject params = new JsonObject();
      params.add("AllowList", allow);
      params.addProperty(
          "HasCrossDeviceCapablePasskey",
          passkeys.stream().anyMatch(WebAuthn.Passkey::crossDevice));
      offer.add("FidoParams", params);
      offer.addProperty("HasFido", true);
      preferred = first.equals("FidoKey") ? FIDO : preferred;
    }
    if (remoteNgcSupported && user.methods().contains("RemoteNGC")) {
      JsonObject params = new JsonObject();
      params.addProperty("SessionIdentifier", remoteNgc.offer(user));
      params.addProperty("Entropy", 0);
      params.addProperty("DefaultType", 1);
      offer.add("RemoteNgcParams", params);
      offer.addProperty("HasRemoteNGC", true);
      preferred = first.equals("RemoteNGC") ? REMOTE_NGC : preferred;
    }
    if (credentials.hasPass(user)) {
      offer.addProperty("HasAccessPass", true);
      preferred = ACCESS_PASS;
    }
    offer.addProperty("PrefCredential", preferred);
    return offer;
  }

  private static JsonObject passwordOnly() {
    JsonObject offer = new JsonObject();
    offer.addProperty("PrefCredential", PASSWORD);
    offer.addProperty("HasPassword", true);
    for (String absent :
        List.of(
            "RemoteNgcParams",
            "FidoParams",
            "SasParams",
            "CertAuthParams",
            "GoogleParams",
            "FacebookParams")) {
      offer.add(absent, JsonNull.INSTANCE);
    }
    return offer;
  }
}
