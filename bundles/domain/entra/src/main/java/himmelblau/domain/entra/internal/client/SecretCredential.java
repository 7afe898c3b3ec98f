package himmelblau.domain.entra.internal.client;

import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.time.Instant;

/**
 * A client secret.
 *
 * @param secret closed with this
 */
record SecretCredential(String clientId, Secret secret) implements Credential {
  @Override
  public String kind() {
    return "secret";
  }

  @Override
  public RequestBody prove(RequestBody form, URI endpoint, Instant now) {
    return form.with("client_secret", secret);
  }

  @Override
  public void close() {
    secret.close();
  }
}
