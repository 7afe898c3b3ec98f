package himmelblau.domain.entra.internal.token;

import java.net.URI;

/**
 * The addresses of a tenant.
 *
 * @param host login host, maybe with a port
 * @param tenantId GUID, lower case
 * @param graph base of Microsoft Graph, without a trailing slash
 */
public record Authority(String host, String tenantId, String graph) {
  /** {@code https://host/tenant/rest}. */
  public URI at(String rest) {
    return URI.create("https://" + host + "/" + tenantId + "/" + rest);
  }

  public URI root() {
    return URI.create("https://" + host + "/");
  }
}
