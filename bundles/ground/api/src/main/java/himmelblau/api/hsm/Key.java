package himmelblau.api.hsm;

import himmelblau.api.secret.Secret;
import java.security.PublicKey;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A loaded key. Private material stays with its store. Thread-safe; closing frees what the store
 * holds (a TPM's transient object, memory), and later use throws {@link IllegalStateException}.
 */
@ConsumerType
public interface Key extends AutoCloseable {
  KeySpec spec();

  /**
   * The public half.
   *
   * @throws UnsupportedOperationException for {@link KeySpec#HMAC_SHA256}
   */
  PublicKey publicKey();

  /**
   * Signs {@code data}: RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA P-256 with SHA-256 as the 64-byte
   * R || S of RFC 7518 3.4.
   */
  byte[] sign(byte[] data) throws KeyStoreUnavailable;

  /**
   * RSA-OAEP decryption; the caller closes the result.
   *
   * @throws KeyRefused if the ciphertext does not decrypt
   */
  Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyStoreUnavailable, KeyRefused;

  /** HMAC-SHA-256 of {@code data}, 32 bytes. */
  byte[] hmac(byte[] data) throws KeyStoreUnavailable;

  /**
   * Seals {@code plain} so that only this key, loaded with its PIN if it has one, can open it
   * again. Authenticated; {@code label} is bound and must be given again to unseal.
   */
  byte[] seal(Secret plain, String label) throws KeyStoreUnavailable;

  /**
   * Opens what {@link #seal} made; the caller closes the result.
   *
   * @throws KeyRefused if it was sealed by another key or under another label, or was changed
   */
  Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused;

  @Override
  void close();
}
