package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;

/** The endpoint of the device registration service (entra-tokens 1.6). */
final class RegistrationEndpoint {
  private static final Log LOG = Log.of(RegistrationEndpoint.class);
  private static final String WHAT = "The device registration service";
  private static final URI BASE = URI.create("https://enterpriseregistration.windows.net/");

  private RegistrationEndpoint() {}

  /** One of its services. */
  record Service(URI endpoint, String resource) {}

  /**
   * Asks for a service; falls back to the public service's well-known address.
   *
   * @param key domain or tenant id
   * @param token for the service (borrowed)
   * @param member of the discovery document, such as {@code DeviceJoinService}
   * @param names its members for endpoint and resource
   * @param fallback path and version without discovery
   */
  static Service find(
      DomainHttp web, String key, Secret token, String member, String[] names, String[] fallback)
      throws DomainUnavailable {
    URI uri = BASE.resolve(key + "/Discover?api-version=1.9&managed=True");
    URI endpoint = BASE.resolve(fallback[0]);
    String version = fallback[1];
    String resource = "urn:ms-drs:enterpriseregistration.windows.net";
    HttpReply reply = web.send(identified(HttpCall.get(uri), token));
    if (reply.ok()) {
      Json service = Json.parse(reply.body(), WHAT).object(member).orElse(null);
      if (service != null) {
        if (service.has(names[0])) {
          endpoint = DomainHttp.https(BASE, service.require(names[0]), WHAT + "'s endpoint");
        }
        resource = service.text(names[1]).orElse(resource);
        version = service.text("ServiceVersion").orElse(version);
      }
    } else {
      LOG.warn("entra.registration.discovery_refused", "status", reply.status());
    }
    String separator = endpoint.getRawQuery() == null ? "?" : "&";
    return new Service(
        URI.create(endpoint + separator + "api-version=" + version.replaceAll("[^0-9A-Za-z.]", "")),
        resource);
  }

  static HttpCall identified(HttpCall call, Secret token) {
    return call.header("Authorization", "Bearer " + token.revealText())
        .header("ocp-adrs-client-name", "himmelblau-osgi")
        .header("ocp-adrs-client-version", "0.1.0")
        .header("User-Agent", "Dsreg/10.0 (himmelblau-osgi)")
        .header("Accept", "application/json, text/plain, */*");
  }
}
