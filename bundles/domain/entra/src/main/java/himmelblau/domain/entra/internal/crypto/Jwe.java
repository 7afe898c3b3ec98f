package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jose.JWEObject;
import java.text.ParseException;

/** Compact JWE (RFC 7516) from an untrusted source. */
final class Jwe {
  private Jwe() {}

  /** Nimbus takes some headers apart with runtime exceptions: no {@code alg}, or {@code none}. */
  static JWEObject parse(String text) throws ParseException {
    try {
      return JWEObject.parse(text);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new ParseException("Not a header of a JWE", 0);
    }
  }
}
