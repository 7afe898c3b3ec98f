package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import himmelblau.api.domain.DomainUnavailable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.Key;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The keys that an issuer signs ID tokens with. They are kept for some minutes, and fetched again
 * when a token names one that is not known, twice in half a minute at most, so that tokens with
 * invented key ids cause no traffic. Thread-safe.
 */
final class SigningKeys implements JWSKeySelector<SecurityContext> {
  /**
   * Signatures that only the issuer can make. Never an HMAC, for whose key a public key could be
   * taken, and never "none" (RFC 8725 sections 2.1 and 3.1).
   */
  static final Set<JWSAlgorithm> ASYMMETRIC =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final int MOST_BYTES = 256 * 1024;
  private static final int LEAST_RSA_BITS = 2048; // RFC 7518 section 3.3
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final Duration BETWEEN = Duration.ofSeconds(30);

  private final URI place;
  private final JWSKeySelector<SecurityContext> matching;

  SigningKeys(IssuerHttp http, URI place) throws DomainUnavailable {
    this.place = place;
    try {
      JWKSource<SecurityContext> source =
          JWKSourceBuilder.<SecurityContext>create(place.toURL(), url -> fetch(http))
              .cache(KEPT.toMillis(), WAIT.toMillis())
              .refreshAheadCache(false)
              .rateLimited(BETWEEN.toMillis())
              .build();
      // A key fits only an algorithm of its own type, and of its own "alg" if it has one.
      this.matching = new JWSVerificationKeySelector<>(ASYMMETRIC, source);
    } catch (MalformedURLException e) {
      throw IssuerHttp.protocol("The jwks_uri has no usable https address");
    }
  }

  boolean at(URI other) {
    return place.equals(other);
  }

  private Resource fetch(IssuerHttp http) throws IOException {
    try {
      return new Resource(
          http.document(place, MOST_BYTES, "The key set " + place), "application/json");
    } catch (DomainUnavailable e) {
      throw new IOException(e);
    }
  }

  @Override
  public List<? extends Key> selectJWSKeys(JWSHeader header, SecurityContext context)
      throws KeySourceException {
    List<? extends Key> keys =
        matching.selectJWSKeys(header, context).stream()
            .filter(
                key ->
                    !(key instanceof RSAPublicKey rsa)
                        || rsa.getModulus().bitLength() >= LEAST_RSA_BITS)
            .toList();
    // Of several keys the token must say which (OpenID Connect Core 1.0 section 10.1).
    return header.getKeyID() == null && keys.size() > 1 ? List.of() : keys;
  }
}
