package himmelblau.domain.entra.internal.crypto;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.wire.Json;
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

  /** The claims of a compact JWT, its signature unchecked. */
  public static Json claims(String jwt, String what) throws DomainUnavailable {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, what + " is not a JWT");
    }
    return Json.parse(decode(parts[1], what), what);
  }
}
