package himmelblau.mfa.fido2.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * CollectedClientData of an assertion (Web Authentication Level 2, 5.8.1), in the one form that the
 * service is known to accept: three members in this order, without {@code crossOrigin}
 * (entra-interactive 5.2).
 *
 * @param json as sent to the directory
 */
record ClientData(byte[] json) {
  /** Characters of an origin; none of them needs an escape in JSON. */
  private static final Pattern ORIGIN = Pattern.compile("[a-zA-Z0-9.:/\\[\\]-]+");

  /**
   * @param challenge its raw bytes
   */
  static ClientData of(String origin, byte[] challenge) {
    if (!ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException("origin with characters that no origin has");
    }
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(challenge);
    String text =
        "{\"challenge\":\""
            + encoded
            + "\",\"origin\":\""
            + origin
            + "\",\"type\":\"webauthn.get\"}";
    return new ClientData(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What the key signs. */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(json);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }
}
