package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.validators.IDTokenClaimsVerifier;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks ID tokens (OpenID Connect Core 1.0 section 3.1.3.7, RFC 8725): signed by the issuer with a
 * key of its own, for this client, now. A token that fails is a {@link DomainUnavailable} that says
 * which check failed. Thread-safe.
 */
public final class IdTokens {
  /** How far the clocks of host and issuer may be apart. */
  static final Duration SKEW = Duration.ofMinutes(5);

  private static final int LONGEST_SUBJECT = 255; // OpenID Connect Core 1.0 section 2

  private final IssuerHttp http;
  private final String issuer;
  private final String client;
  private @Nullable SigningKeys keys; // guarded by this

  public IdTokens(IssuerHttp http, String issuer, String client) {
    this.http = http;
    this.issuer = issuer;
    this.client = client;
  }

  /**
   * The claims of a token that passes every check.
   *
   * @param keySet where the issuer publishes its keys
   * @param asked when the token was asked for: none of before is taken
   */
  public JWTClaimsSet verified(JWT token, URI keySet, Instant asked) throws DomainUnavailable {
    if (!(token instanceof SignedJWT signed)) {
      throw refused("is not signed (alg=none or encrypted)");
    }
    if (!SigningKeys.ASYMMETRIC.contains(signed.getHeader().getAlgorithm())) {
      throw refused(
          "is signed with an algorithm that does not prove who made it; accepted are "
              + SigningKeys.ASYMMETRIC);
    }
    // Takes tokens of the type JWT or of none only, so no access token (RFC 9068).
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(keys(keySet));
    IDTokenClaimsVerifier verifier =
        new IDTokenClaimsVerifier(
            new Issuer(issuer), new ClientID(client), null, (int) SKEW.toSeconds());
    processor.setJWTClaimsSetVerifier(verifier::verify);
    JWTClaimsSet claims;
    try {
      claims = processor.process(signed, null);
    } catch (BadJWTException e) {
      throw refused("was refused: " + printable(e));
    } catch (BadJOSEException e) {
      throw refused("is not signed by a key of the issuer: " + printable(e));
    } catch (KeySourceException e) {
      throw unavailable(e);
    } catch (JOSEException | RuntimeException e) {
      throw refused("cannot be checked: " + printable(e));
    }
    Object party = claims.getClaim("azp"); // the library does not look at it
    if (party == null ? claims.getAudience().size() > 1 : !client.equals(party)) {
      throw refused("is for another client (azp)");
    }
    if (claims.getSubject().isBlank() || claims.getSubject().length() > LONGEST_SUBJECT) {
      throw refused("has no usable subject (sub)");
    }
    if (claims.getIssueTime().toInstant().isBefore(asked.minus(SKEW))) {
      throw refused("was issued before this sign-in began");
    }
    return claims;
  }

  private synchronized SigningKeys keys(URI place) throws DomainUnavailable {
    SigningKeys last = keys;
    if (last == null || !last.at(place)) {
      last = new SigningKeys(http, place);
      keys = last;
    }
    return last;
  }

  private DomainUnavailable refused(String why) {
    return IssuerHttp.protocol("The ID token of " + issuer + " " + why);
  }

  /** The keys could not be fetched, or not be read. */
  private DomainUnavailable unavailable(KeySourceException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof DomainUnavailable told) {
        return new DomainUnavailable(told.kind(), String.valueOf(told.getMessage()), failure);
      }
      if (at instanceof RateLimitReachedException) {
        return new DomainUnavailable(
            Kind.TEMPORARY,
            "The ID token of " + issuer + " names an unknown key, and the keys were just fetched",
            failure);
      }
    }
    return IssuerHttp.protocol("The key set of " + issuer + " cannot be read");
  }

  /** Of the library, which repeats claims of the token. */
  private static String printable(Exception e) {
    return Optional.ofNullable(e.getMessage())
        .map(text -> text.replaceAll("[^\\x20-\\x7e]", "?"))
        .map(text -> text.substring(0, Math.min(text.length(), 200)))
        .orElse("no reason given");
  }
}
