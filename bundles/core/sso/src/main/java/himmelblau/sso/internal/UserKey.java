package himmelblau.sso.internal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A key of one user, to which the directory binds tokens and with which requests to resources are
 * signed. In memory only, like the tokens that are bound to it. Immutable.
 */
final class UserKey {
  private static final int BITS = 2048;

  private final RSAKey key;
  private final String id;

  private UserKey(RSAKey key, String id) {
    this.key = key;
    this.id = id;
  }

  /** A new one; takes some tenths of a second. */
  static UserKey make() {
    try {
      RSAKey made = new RSAKeyGenerator(BITS).generate();
      return new UserKey(made, made.computeThumbprint().toString());
    } catch (JOSEException e) {
      throw new IllegalStateException("No RSA key can be made", e);
    }
  }

  /** The thumbprint (RFC 7638), which the directory puts into tokens as {@code kid}. */
  String id() {
    return id;
  }

  /**
   * A signed HTTP request as resources of Microsoft take it: a JWS of the type {@code pop}.
   *
   * @param token the access token that is bound to this key, if the proof is to bring it
   */
  String sign(PopParameters request, Optional<String> token, Instant now) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256).type(new JOSEObjectType("pop")).keyID(id).build();
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
    token.ifPresent(value -> claims.claim("at", value));
    claims.claim("ts", now.getEpochSecond());
    request.method().ifPresent(value -> claims.claim("m", value));
    request.host().ifPresent(value -> claims.claim("u", value));
    request.path().ifPresent(value -> claims.claim("p", value));
    request.nonce().ifPresent(value -> claims.claim("nonce", value));
    request.clientClaims().ifPresent(value -> claims.claim("client_claims", value));
    claims.claim("cnf", Map.of("jwk", key.toPublicJWK().toJSONObject()));
    SignedJWT signed = new SignedJWT(header, claims.build());
    try {
      signed.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("The key of the user cannot sign", e);
    }
    return signed.serialize();
  }
}
