package himmelblau.domain.entra.internal.crypto;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Compact JWS (RFC 7515) in bytes: claims may hold passwords and tokens. */
public final class Jws {
  private Jws() {}

  /** Signs {@code claims} (JSON, borrowed) RS256 with a key that never leaves its store. */
  public static Secret rs256(String header, byte[] claims, Key key) throws KeyStoreUnavailable {
    byte[] input = signingInput(header, claims);
    return compact(input, key.sign(input));
  }

  static byte[] signingInput(String header, byte[] claims) {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    byte[] first = encoder.encode(header.getBytes(StandardCharsets.UTF_8));
    byte[] second = encoder.encode(claims);
    byte[] input = Arrays.copyOf(first, first.length + 1 + second.length);
    input[first.length] = '.';
    System.arraycopy(second, 0, input, first.length + 1, second.length);
    Arrays.fill(second, (byte) 0);
    return input;
  }

  /** Appends the signature; wipes {@code input}. */
  static Secret compact(byte[] input, byte[] signature) {
    byte[] last = Base64.getUrlEncoder().withoutPadding().encode(signature);
    byte[] all = Arrays.copyOf(input, input.length + 1 + last.length);
    all[input.length] = '.';
    System.arraycopy(last, 0, all, input.length + 1, last.length);
    Arrays.fill(input, (byte) 0);
    return Secret.taking(all);
  }
}
