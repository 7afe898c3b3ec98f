package himmelblau.testing.tenant.oauth;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenMint;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Refusal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Grants of confidential clients: for themselves, and on behalf of a user. */
public final class AppGrants {
  private final Apps apps;
  private final ClientAuthentication clients;
  private final Directory directory;
  private final Bearer bearer;
  private final TokenPolicy policy;
  private final TokenMint mint;
  private final TenantClock clock;

  public AppGrants(
      Apps apps,
      ClientAuthentication clients,
      Directory directory,
      Bearer bearer,
      TokenPolicy policy,
      TokenMint mint,
      TenantClock clock) {
    this.apps = apps;
    this.clients = clients;
    this.directory = directory;
    this.bearer = bearer;
    this.policy = policy;
    this.mint = mint;
    this.clock = clock;
  }

  JsonObject clientCredentials(TokenEndpoint.Call call) {
    App app = app(call);
    clients.verify(call, app);
    String scope = call.get("scope");
    if (call.v2() && (!scope.endsWith("/.default") || scope.strip().contains(" "))) {
      throw Refusal.aadsts(1002012);
    }
    Resources.Target target =
        call.v2()
            ? Resources.ofScope(scope, directory)
            : Resources.ofResource(call.get("resource"), directory);
    return mint.appResponse(app, target);
  }

  JsonObject onBehalfOf(TokenEndpoint.Call call) {
    App app = app(call);
    clients.verify(call, app);
    String id = app.clientId().toString();
    Bearer.Accepted token;
    try {
      token = bearer.accept(call.need("assertion"), Set.of(id, "api://" + id));
    } catch (Bearer.Rejected e) {
      throw Refusal.aadsts(50013, "Assertion failed validation: " + e.getMessage());
    }
    Proof proof = proof(token);
    if (!proof.tenant().equals(app.tenant())) {
      throw Refusal.aadsts(50020);
    }
    User user = policy.user(proof, proof.authTime());
    Resources.Target target =
        call.v2()
            ? Resources.ofScope(call.need("scope"), directory)
            : Resources.ofResource(call.need("resource"), directory);
    policy.require(user, proof, target.id());
    return mint.response(
        new TokenMint.Order(
            user, proof, id, target, call.v2(), call.clientInfo(), Optional.empty()));
  }

  private App app(TokenEndpoint.Call call) {
    String clientId = call.need("client_id");
    Optional<Tenant> tenant = apps.tenant(call.tenant());
    return apps.app(clientId, tenant);
  }

  private Proof proof(Bearer.Accepted token) {
    Instant issued = Instant.ofEpochSecond(token.token().time("iat").orElse(0L) + 300);
    boolean mfa = token.list("amr").contains("mfa");
    Optional<UUID> device =
        token.token().claim("deviceid").filter(id -> !id.isEmpty()).map(UUID::fromString);
    return new Proof(
        token.tenant(),
        token.object(),
        new LinkedHashSet<>(token.list("amr")),
        issued.isAfter(clock.now()) ? clock.now() : issued,
        mfa ? Optional.of(issued) : Optional.empty(),
        device);
  }
}
