package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.util.Base64URL;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Compact JWS (RFC 7515) over claims that hold passwords and tokens. Header and signature are
 * Nimbus's. The parts are put together here, in bytes that are wiped: {@code JWSObject} makes
 * Strings of its payload, which nothing can wipe.
 */
public final class Jws {
  private Jws() {}

  /**
   * Signs {@code claims} (JSON, borrowed) RS256 with a key that never leaves its store.
   *
   * @param header JSON, sent as it is: the order of its members is that of the test vectors
   */
  public static Secret rs256(String header, byte[] claims, Key key) throws KeyStoreUnavailable {
    try {
      return sign(header, claims, new StoredKeySigner(key));
    } catch (JOSEException e) {
      if (e.getCause() instanceof KeyStoreUnavailable unavailable) {
        throw unavailable;
      }
      throw new IllegalArgumentException("Not a header for this key", e);
    }
  }

  static Secret sign(String header, byte[] claims, JWSSigner signer) throws JOSEException {
    JWSHeader parsed = parse(header);
    byte[] input = signingInput(parsed.toBase64URL(), claims);
    try {
      return compact(input, signer.sign(parsed, input));
    } finally {
      Arrays.fill(input, (byte) 0);
    }
  }

  private static JWSHeader parse(String header) {
    try {
      return JWSHeader.parse(Base64URL.encode(header));
    } catch (ParseException e) {
      throw new IllegalArgumentException("Not a header of a JWS", e);
    }
  }

  private static byte[] signingInput(Base64URL header, byte[] claims) {
    byte[] first = header.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] second = Base64.getUrlEncoder().withoutPadding().encode(claims);
    byte[] input = joined(first, second);
    Arrays.fill(second, (byte) 0);
    return input;
  }

  private static Secret compact(byte[] input, Base64URL signature) {
    return Secret.taking(joined(input, signature.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] joined(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + 1 + tail.length);
    all[head.length] = '.';
    System.arraycopy(tail, 0, all, head.length + 1, tail.length);
    return all;
  }
}
