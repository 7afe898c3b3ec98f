package himmelblau.domain.entra.internal.client;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.crypto.Jws;
import himmelblau.domain.entra.internal.crypto.Thumbprint;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.UUID;

/**
 * A certificate whose key stays in its store: authenticates with a signed assertion (entra-tokens
 * 3.7).
 *
 * @param key loaded, closed with this
 */
record CertificateCredential(String clientId, X509Certificate certificate, Key key)
    implements Credential {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final int LIFE_SECONDS = 600;

  @Override
  public String kind() {
    return "certificate";
  }

  @Override
  public RequestBody prove(RequestBody form, URI endpoint, Instant now) throws KeyStoreUnavailable {
    String header =
        "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"x5t\":\""
            + Base64s.url(Thumbprint.sha1(certificate))
            + "\"}";
    byte[] claims =
        RequestBody.json()
            .with("aud", endpoint.toString())
            .with("iss", clientId)
            .with("sub", clientId)
            .with("jti", UUID.randomUUID().toString())
            .with("iat", now.getEpochSecond())
            .with("exp", now.getEpochSecond() + LIFE_SECONDS)
            .finish();
    try (Secret assertion = Jws.rs256(header, claims, key)) {
      return form.with("client_assertion_type", ASSERTION_TYPE).with("client_assertion", assertion);
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
