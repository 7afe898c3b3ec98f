package himmelblau.domain.entra.internal.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.domain.entra.internal.crypto.StoredKeySigner;
import himmelblau.domain.entra.internal.crypto.Thumbprint;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
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
  private static final Duration LIFE = Duration.ofMinutes(10);

  @Override
  public String kind() {
    return "certificate";
  }

  @Override
  public RequestBody prove(RequestBody form, URI endpoint, Instant now) throws KeyStoreUnavailable {
    SignedJWT assertion = new SignedJWT(header(), claims(endpoint, now));
    try {
      assertion.sign(new StoredKeySigner(key));
    } catch (JOSEException e) {
      if (e.getCause() instanceof KeyStoreUnavailable unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException(e); // the signer takes this header
    }
    return form.with("client_assertion_type", ASSERTION_TYPE)
        .with("client_assertion", assertion.serialize());
  }

  @SuppressWarnings("deprecation") // x5t is what the directory knows the certificate by
  private JWSHeader header() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256)
        .type(JOSEObjectType.JWT)
        .x509CertThumbprint(Base64URL.encode(Thumbprint.sha1(certificate)))
        .build();
  }

  private JWTClaimsSet claims(URI endpoint, Instant now) {
    return new JWTClaimsSet.Builder()
        .audience(endpoint.toString())
        .issuer(clientId)
        .subject(clientId)
        .jwtID(UUID.randomUUID().toString())
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(LIFE)))
        .build();
  }

  @Override
  public void close() {
    key.close();
  }
}
