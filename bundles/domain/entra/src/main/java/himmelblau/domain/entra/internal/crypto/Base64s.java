package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.wire.Json;
import java.text.ParseException;
import java.util.Base64;

/** The two base64 alphabets of the protocol, and JWT segments. */
public final class Base64s {
  private Base64s() {}

  /** RFC 4648 section 4, with padding. */
  public static String standard(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** RFC 4648 section 5, without padding. */
  public static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Reads either alphabet, padded or not. */
  public static byte[] decode(String text, String what) throws DomainUnavailable {
    try {
      return Base64.getUrlDecoder()
          .decode(text.replace('+', '-').replace('/', '_').replace("=", ""));
    } catch (IllegalArgumentException e) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, what + " is not base64");
    }
  }

  /**
   * The claims of a compact JWT, its signature unchecked: for tokens that come from the token
   * endpoint itself, some of them with {@code alg=none}, and for access tokens, which are for
   * somebody else to check.
   */
  public static Json claims(String jwt, String what) throws DomainUnavailable {
    try {
      JWT token = JWTParser.parse(jwt);
      if (!(token instanceof EncryptedJWT)) {
        return Json.parse(decode(token.getParsedParts()[1].toString(), what), what);
      }
    } catch (ParseException e) {
      // its message quotes the token
    }
    throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, what + " is not a JWT");
  }
}
