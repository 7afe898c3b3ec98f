package himmelblau.domain.entra.internal.crypto;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The session key that binds a primary refresh token to this device ([MS-OAPXBC] 3.2.5.1.3): signs
 * requests and decrypts replies, each with a derived key.
 */
public final class SessionKey implements AutoCloseable {
  private static final int LENGTH = 32;
  private static final int CONTEXT = 24;
  private static final int GCM_NONCE = 12;
  private static final byte[] LABEL =
      "AzureAD-SecureConversation".getBytes(StandardCharsets.US_ASCII);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Secret key;

  /** Takes over {@code key}, 32 bytes. */
  public SessionKey(Secret key) {
    if (key.length() != LENGTH) {
      throw new IllegalArgumentException("A session key has " + LENGTH + " bytes");
    }
    this.key = key;
  }

  /** A copy of the key; the caller closes it. */
  public Secret copy() {
    return key.copy();
  }

  /** NIST SP 800-108 in counter mode with HMAC-SHA-256, one block; the caller wipes it. */
  byte[] derive(byte[] context) {
    return key.use(
        raw -> {
          Mac mac = mac(raw);
          mac.update(new byte[] {0, 0, 0, 1});
          mac.update(LABEL);
          mac.update((byte) 0);
          mac.update(context);
          mac.update(new byte[] {0, 0, 1, 0});
          return mac.doFinal();
        });
  }

  /** KDF version 2: the key depends on what is signed, too (CVE-2021-33781). */
  byte[] derive(byte[] context, byte[] claims) {
    MessageDigest sha = Digests.sha256();
    sha.update(context);
    sha.update(claims);
    return derive(sha.digest());
  }

  /** A compact JWT over {@code claims} (JSON, borrowed), signed HS256 with KDF version 2. */
  public Secret sign(byte[] claims) {
    byte[] context = new byte[CONTEXT];
    RANDOM.nextBytes(context);
    return sign(claims, context, 2);
  }

  Secret sign(byte[] claims, byte[] context, int version) {
    String header =
        "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"ctx\":\""
            + Base64s.standard(context)
            + (version == 2 ? "\",\"kdf_ver\":2}" : "\"}");
    byte[] derived = version == 2 ? derive(context, claims) : derive(context);
    byte[] input = Jws.signingInput(header, claims);
    try {
      return Jws.compact(input, mac(derived).doFinal(input));
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /**
   * Opens a reply that claims to be a JWE. It is none: the key is derived (version 1) from the
   * header's {@code ctx}, and the cipher is AES-256-CBC unless the IV has the length of GCM's,
   * whatever {@code enc} says (entra-tokens 7.4). CBC has no integrity: TLS authenticates it.
   *
   * @return the plaintext; the caller wipes it
   */
  public byte[] open(String jwe, String what) throws DomainUnavailable {
    String[] parts = jwe.strip().split("\\.", -1);
    if (parts.length != 5 || !parts[1].isEmpty()) {
      throw broken(what);
    }
    Json header = Json.parse(Base64s.decode(parts[0], what), what);
    if (!"dir".equals(header.require("alg"))) {
      throw broken(what);
    }
    byte[] derived = derive(Base64s.decode(header.require("ctx"), what));
    try {
      byte[] iv = Base64s.decode(parts[2], what);
      byte[] content = Base64s.decode(parts[3], what);
      SecretKeySpec aes = new SecretKeySpec(derived, "AES");
      if (iv.length == GCM_NONCE) {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, aes, new GCMParameterSpec(128, iv));
        cipher.updateAAD(parts[0].getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        sealed.writeBytes(content);
        sealed.writeBytes(Base64s.decode(parts[4], what));
        return cipher.doFinal(sealed.toByteArray());
      }
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, aes, new IvParameterSpec(iv));
      return cipher.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw broken(what); // one answer for padding, tag and length: no oracle
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  private static DomainUnavailable broken(String what) {
    return new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL, what + " cannot be opened with the session key");
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
