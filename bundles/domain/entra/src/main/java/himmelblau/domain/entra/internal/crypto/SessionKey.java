package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.MACSigner;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The session key that binds a primary refresh token to this device ([MS-OAPXBC] 3.2.5.1.3): signs
 * requests and decrypts replies, each with a derived key. The derivation is none of JOSE's, so it
 * is here; signatures and ciphers are Nimbus's.
 */
public final class SessionKey implements AutoCloseable {
  static final int LENGTH = 32;

  private static final int CONTEXT = 24;
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
    try {
      return Jws.sign(header, claims, new MACSigner(derived));
    } catch (JOSEException e) {
      throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /**
   * Opens a reply of the token endpoint.
   *
   * @return the plaintext; the caller wipes it
   */
  public byte[] open(String jwe, String what) throws DomainUnavailable {
    try {
      JWEObject reply = Jwe.parse(jwe.strip());
      reply.decrypt(new SessionKeyDecrypter(this));
      return reply.getPayload().toBytes();
    } catch (ParseException | JOSEException e) {
      // One answer for padding, tag and length: no oracle.
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, what + " cannot be opened with the session key");
    }
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
