package himmelblau.testing.tenant.discovery;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.oauth.OAuthErrors;
import himmelblau.testing.tenant.token.SigningKey;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What tells a client where things are: OpenID configuration, keys, instances, realms. */
public final class MetadataEndpoint {
  private static final Set<String> INSTANCES =
      Set.of(
          "login.microsoftonline.com",
          "login.windows.net",
          "login.microsoft.com",
          "sts.windows.net");

  private final Apps apps;
  private final Directory directory;
  private final Supplier<SigningKey> key;
  private final TenantClock clock;

  public MetadataEndpoint(
      Apps apps, Directory directory, Supplier<SigningKey> key, TenantClock clock) {
    this.apps = apps;
    this.directory = directory;
    this.key = key;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals json = OAuthErrors.json(clock);
    Route.Endpoint keys = (request, path) -> Reply.json(key.get().jwks());
    return List.of(
        Route.of(
            "GET",
            "/{tenant}/.well-known/openid-configuration",
            (r, path) -> configuration(r, path, false),
            json),
        Route.of(
            "GET",
            "/{tenant}/v2.0/.well-known/openid-configuration",
            (r, path) -> configuration(r, path, true),
            json),
        Route.of("GET", "/{tenant}/discovery/keys", keys, json),
        Route.of("GET", "/{tenant}/discovery/v2.0/keys", keys, json),
        Route.of("GET", "/{tenant}/discovery/instance", (r, path) -> instance(r), json),
        Route.of("GET", "/{tenant}/UserRealm/{upn}", (r, path) -> realm(r, path), json),
        Route.of("GET", "/getuserrealm.srf", (r, path) -> oldRealm(r), json),
        Route.of(
            "GET",
            "/common/oauth2/nativeclient",
            (r, path) -> Reply.html(200, "<html><body>Done.</body></html>"),
            json),
        Route.of(
            "GET",
            "/",
            (r, path) -> Reply.html(200, "<html><body>Sign in to your account</body></html>"),
            json));
  }

  /** The federation provider of the Office discovery host. */
  public List<Route> federationProvider() {
    return List.of(
        Route.of(
            "GET",
            "/odc/v2.1/federationProvider",
            (request, path) -> {
              String domain = request.query().getOrDefault("domain", "");
              Optional<Tenant> tenant = directory.tenant(domain);
              if (tenant.isEmpty()) {
                return Reply.json(404, new JsonObject());
              }
              JsonObject body = new JsonObject();
              body.addProperty("tenantId", tenant.get().id().toString());
              body.addProperty("authority_host", "login.microsoftonline.com");
              body.addProperty("graph", "https://graph.microsoft.com");
              body.addProperty("environment", "Global");
              return Reply.json(body);
            },
            OAuthErrors.json(clock)));
  }

  private Reply configuration(Request request, Map<String, String> path, boolean v2) {
    String segment = path.getOrDefault("tenant", "common");
    Optional<Tenant> tenant = apps.tenant(segment);
    String id = tenant.map(t -> t.id().toString()).orElse(segment.toLowerCase(Locale.ROOT));
    String issuerId = tenant.map(t -> t.id().toString()).orElse("{tenantid}");
    String base = request.origin() + "/" + id + "/";
    String oauth = base + (v2 ? "oauth2/v2.0/" : "oauth2/");
    JsonObject body = new JsonObject();
    body.addProperty("token_endpoint", oauth + "token");
    body.add(
        "token_endpoint_auth_methods_supported",
        list("client_secret_post", "private_key_jwt", "client_secret_basic"));
    body.addProperty(
        "jwks_uri",
        v2 ? base + "discovery/v2.0/keys" : request.origin() + "/common/discovery/keys");
    body.add("response_modes_supported", list("query", "fragment", "form_post"));
    body.add("subject_types_supported", list("pairwise"));
    body.add("id_token_signing_alg_values_supported", list("RS256"));
    body.add(
        "response_types_supported",
        v2
            ? list("code", "id_token", "code id_token", "id_token token")
            : list("code", "id_token", "code id_token", "token id_token", "token"));
    body.add(
        "scopes_supported",
        v2 ? list("openid", "profile", "email", "offline_access") : list("openid"));
    body.addProperty(
        "issuer",
        v2
            ? "https://login.microsoftonline.com/" + issuerId + "/v2.0"
            : "https://sts.windows.net/" + issuerId + "/");
    if (!v2) {
      body.addProperty("microsoft_multi_refresh_token", true);
    }
    body.addProperty("authorization_endpoint", oauth + "authorize");
    body.addProperty("device_authorization_endpoint", oauth + "devicecode");
    body.addProperty("http_logout_supported", true);
    body.addProperty("frontchannel_logout_supported", true);
    body.addProperty("end_session_endpoint", oauth + "logout");
    body.addProperty(
        "userinfo_endpoint",
        v2 ? "https://graph.microsoft.com/oidc/userinfo" : base + "openid/userinfo");
    body.addProperty("kerberos_endpoint", base + "kerberos");
    tenant.ifPresentOrElse(
        t -> body.addProperty("tenant_region_scope", t.region()),
        () -> body.add("tenant_region_scope", JsonNull.INSTANCE));
    body.addProperty("cloud_instance_name", "microsoftonline.com");
    body.addProperty("cloud_graph_host_name", "graph.windows.net");
    body.addProperty("msgraph_host", "graph.microsoft.com");
    body.addProperty("rbac_url", "https://pas.windows.net");
    return Reply.json(body);
  }

  private Reply instance(Request request) {
    String asked = request.query().getOrDefault("authorization_endpoint", "");
    URI endpoint;
    try {
      endpoint = URI.create(asked);
    } catch (IllegalArgumentException e) {
      throw Refusal.aadsts(50049);
    }
    String host = endpoint.getHost() == null ? "" : endpoint.getHost();
    String path = endpoint.getPath() == null ? "" : endpoint.getPath();
    String[] segments = path.split("/");
    if (!INSTANCES.contains(host) || segments.length < 2) {
      throw Refusal.aadsts(50049).as("invalid_instance");
    }
    JsonObject body = new JsonObject();
    body.addProperty(
        "tenant_discovery_endpoint",
        "https://login.microsoftonline.com/"
            + segments[1]
            + (asked.contains("v2.0") ? "/v2.0" : "")
            + "/.well-known/openid-configuration");
    body.addProperty("api-version", "1.1");
    JsonArray metadata = new JsonArray();
    metadata.add(
        cloud(
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net"));
    metadata.add(
        cloud(
            "login.partner.microsoftonline.cn",
            "login.partner.microsoftonline.cn",
            "login.partner.microsoftonline.cn",
            "login.chinacloudapi.cn"));
    metadata.add(
        cloud("login.microsoftonline.us", "login.microsoftonline.us", "login.microsoftonline.us"));
    body.add("metadata", metadata);
    return Reply.json(body);
  }

  private static JsonObject cloud(String network, String cache, String... aliases) {
    JsonObject cloud = new JsonObject();
    cloud.addProperty("preferred_network", network);
    cloud.addProperty("preferred_cache", cache);
    cloud.add("aliases", list(aliases));
    return cloud;
  }

  private Reply realm(Request request, Map<String, String> path) {
    String upn = Forms.decode(path.getOrDefault("upn", ""));
    Optional<Tenant> tenant = directory.tenantOfName(upn);
    String domain = upn.substring(upn.indexOf('@') + 1);
    String kind = tenant.isPresent() ? "Managed" : "Unknown";
    JsonObject body = new JsonObject();
    if (request.query().getOrDefault("api-version", "1.0").equals("1.0")) {
      body.addProperty("ver", "1.0");
      body.addProperty("account_type", kind);
      body.addProperty("domain_name", domain);
      body.addProperty("cloud_instance_name", "microsoftonline.com");
      body.addProperty("cloud_audience_urn", "urn:federation:MicrosoftOnline");
    } else {
      body.addProperty("NameSpaceType", kind);
      body.addProperty("Login", upn);
      body.addProperty("DomainName", domain);
      body.addProperty("FederationBrandName", tenant.map(Tenant::name).orElse(""));
      body.add("TenantBrandingInfo", JsonNull.INSTANCE);
      body.addProperty("cloud_instance_name", "microsoftonline.com");
    }
    return Reply.json(body);
  }

  private Reply oldRealm(Request request) {
    String login = request.query().getOrDefault("login", "");
    Optional<Tenant> tenant = directory.tenantOfName(login);
    JsonObject body = new JsonObject();
    body.addProperty("State", 4);
    body.addProperty("UserState", 1);
    body.addProperty("Login", login);
    body.addProperty("NameSpaceType", tenant.isPresent() ? "Managed" : "Unknown");
    body.addProperty("DomainName", login.substring(login.indexOf('@') + 1));
    body.addProperty("FederationBrandName", tenant.map(Tenant::name).orElse(""));
    body.addProperty("CloudInstanceName", "microsoftonline.com");
    body.addProperty("CloudInstanceIssuerUri", "urn:federation:MicrosoftOnline");
    return Reply.json(body);
  }

  private static JsonArray list(String... values) {
    JsonArray list = new JsonArray();
    for (String value : values) {
      list.add(value);
    }
    return list;
  }
}
