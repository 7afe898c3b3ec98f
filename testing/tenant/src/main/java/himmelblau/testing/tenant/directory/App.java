package himmelblau.testing.tenant.directory;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An application registered in a tenant.
 *
 * @param roles application permissions on Graph, as they appear in the {@code roles} claim
 */
public record App(
    UUID tenant,
    UUID clientId,
    UUID objectId,
    String name,
    List<String> redirectUris,
    List<Secret> secrets,
    List<X509Certificate> certificates,
    List<String> roles,
    Registration registration) {

  /** An application that was there from the beginning. */
  public App(
      UUID tenant,
      UUID clientId,
      UUID objectId,
      String name,
      List<String> redirectUris,
      List<Secret> secrets,
      List<X509Certificate> certificates,
      List<String> roles) {
    this(
        tenant,
        clientId,
        objectId,
        name,
        redirectUris,
        secrets,
        certificates,
        roles,
        Registration.OPEN);
  }

  public App with(Registration value) {
    return new App(
        tenant, clientId, objectId, name, redirectUris, secrets, certificates, roles, value);
  }

  /** A client secret and the end of its life. */
  public record Secret(String value, Instant expires) {
    @Override
    public String toString() {
      return "***";
    }
  }
}
