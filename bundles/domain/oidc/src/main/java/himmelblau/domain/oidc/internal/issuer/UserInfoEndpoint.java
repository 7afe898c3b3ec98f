package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.jose.util.JSONObjectUtils;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import java.net.URI;
import java.text.ParseException;
import java.util.Map;

/**
 * Claims that an issuer does not put into ID tokens (OpenID Connect Core 1.0 section 5.3). The
 * answer is not signed, so it says nothing about how somebody signed in. Thread-safe: it has no
 * state.
 */
public final class UserInfoEndpoint {
  private static final int MOST_BYTES = 128 * 1024;

  private final IssuerHttp http;
  private final String issuer;

  public UserInfoEndpoint(IssuerHttp http, String issuer) {
    this.http = http;
    this.issuer = issuer;
  }

  /**
   * What it says of the user.
   *
   * @param access borrowed
   * @param subject of the checked ID token; an answer about anybody else is an error (section
   *     5.3.2)
   */
  public Map<String, Object> claims(URI place, Secret access, String subject)
      throws DomainUnavailable {
    String what = "The userinfo endpoint of " + issuer;
    Map<String, Object> claims;
    try {
      claims = JSONObjectUtils.parse(http.document(place, access, MOST_BYTES, what));
    } catch (ParseException | RuntimeException e) {
      throw IssuerHttp.protocol(what + " gave an answer that cannot be read");
    }
    if (!subject.equals(claims.get("sub"))) {
      throw IssuerHttp.protocol(what + " speaks of another user than the ID token (sub)");
    }
    return claims;
  }
}
