package himmelblau.domain.oidc.internal.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import himmelblau.api.hsm.Key;
import java.security.interfaces.RSAPublicKey;

/** The public half of a client's key, as an issuer takes it (RFC 7517). */
public final class PublicJwk {
  private PublicJwk() {}

  /** Its id is its thumbprint (RFC 7638), so it needs to be kept nowhere. */
  static RSAKey of(Key key) {
    try {
      return new RSAKey.Builder((RSAPublicKey) key.publicKey())
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.RS256)
          .keyIDFromThumbprint()
          .build();
    } catch (JOSEException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /** A key set with this key, as JSON. */
  public static String keySet(Key key) {
    return new JWKSet(of(key)).toString();
  }
}
