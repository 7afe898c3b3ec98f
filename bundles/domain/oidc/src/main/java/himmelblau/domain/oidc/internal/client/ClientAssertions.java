package himmelblau.domain.oidc.internal.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Proofs of which client this host is: {@code private_key_jwt} (OpenID Connect Core 1.0 section 9,
 * RFC 7523). Each is for one request. Thread-safe.
 */
final class ClientAssertions implements ClientProof {
  private static final Duration LIFE = Duration.ofMinutes(1);

  private final ClientKey key;
  private final String client;
  private final Clock clock;

  ClientAssertions(ClientKey key, String client, Clock clock) {
    this.key = key;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public ClientAuthentication next(URI audience, Set<String> offered) throws DomainUnavailable {
    try (Key open =
        key.open()
            .orElseThrow(
                () ->
                    new DomainUnavailable(
                        Kind.PROTOCOL,
                        "There is no client key: make one with "
                            + key.command()
                            + ", and register it at the issuer"))) {
      Instant now = clock.instant();
      SignedJWT assertion =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256)
                  .keyID(PublicJwk.of(open).getKeyID())
                  .build(),
              new JWTClaimsSet.Builder()
                  .issuer(client)
                  .subject(client)
                  .audience(audience.toString())
                  .jwtID(UUID.randomUUID().toString())
                  .issueTime(Date.from(now))
                  .expirationTime(Date.from(now.plus(LIFE)))
                  .build());
      assertion.sign(new StoredKeySigner(open));
      return new PrivateKeyJWT(assertion);
    } catch (KeyStoreUnavailable | JOSEException e) {
      throw new DomainUnavailable(
          Kind.TEMPORARY, "The client key cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> missing() {
    return key.present()
        ? Optional.empty()
        : Optional.of(
            "oidc_client_auth = private_key_jwt needs a key that the issuer knows: "
                + key.command());
  }

  @Override
  public String cure() {
    return "register at the issuer what this shows: " + key.command();
  }
}
