package himmelblau.domain.entra.internal.token;

import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The cookie that signs a browser in with a primary refresh token (entra-tokens 8.3). */
public final class CookieClaims {
  public static final String NAME = "x-ms-RefreshTokenCredential";

  private CookieClaims() {}

  /**
   * The content: signed with the session key.
   *
   * @param nonce of the sign-in page; without one the cookie has the time instead
   */
  public static Secret sign(Prt prt, Optional<String> nonce, Instant now) {
    RequestBody claims = RequestBody.json().with("refresh_token", prt.token());
    if (nonce.isPresent()) {
      claims.with("request_nonce", nonce.get());
    } else {
      claims.with("iat", now.getEpochSecond());
    }
    byte[] payload = PrtExchange.common(claims).finish();
    try {
      return prt.key().sign(payload);
    } finally {
      Arrays.fill(payload, (byte) 0);
    }
  }
}
