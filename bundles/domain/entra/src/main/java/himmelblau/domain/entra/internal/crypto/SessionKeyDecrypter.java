package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.impl.AESCBC;
import com.nimbusds.jose.crypto.impl.AESGCM;
import com.nimbusds.jose.crypto.impl.BaseJWEProvider;
import com.nimbusds.jose.util.Base64URL;
import himmelblau.api.domain.DomainUnavailable;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts what the token endpoint seals with a session key (entra-tokens 7.4). The header says
 * {@code dir} and {@code A256GCM}, but the key is derived (version 1) from its {@code ctx}, and the
 * cipher is AES-256-CBC without a tag unless the IV has the length of GCM's: Nimbus's {@code
 * DirectDecrypter} can do neither. TLS alone authenticates what CBC sealed.
 */
final class SessionKeyDecrypter extends BaseJWEProvider implements JWEDecrypter {
  private static final int GCM_IV = AESGCM.IV_BIT_LENGTH / 8;
  private static final int CBC_IV = AESCBC.IV_BIT_LENGTH / 8;

  private final SessionKey key;

  SessionKeyDecrypter(SessionKey key) {
    super(Set.of(JWEAlgorithm.DIR), Set.of(EncryptionMethod.A256GCM));
    this.key = key;
  }

  @Override
  public byte[] decrypt(
      JWEHeader header,
      @Nullable Base64URL encryptedKey,
      @Nullable Base64URL iv,
      Base64URL content,
      @Nullable Base64URL tag,
      byte[] authenticated)
      throws JOSEException {
    if (!JWEAlgorithm.DIR.equals(header.getAlgorithm())
        || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
        || encryptedKey != null
        || iv == null
        || header.getCriticalParams() != null
        || header.getCompressionAlgorithm() != null
        || !(header.getCustomParam("ctx") instanceof String context)) {
      throw new JOSEException("Not sealed with a session key");
    }
    byte[] vector = decode(iv.toString());
    byte[] derived = key.derive(decode(context));
    try {
      SecretKey aes = new SecretKeySpec(derived, "AES");
      if (vector.length == CBC_IV) {
        return AESCBC.decrypt(aes, vector, decode(content.toString()), null);
      }
      if (vector.length != GCM_IV || tag == null) {
        throw new JOSEException("The IV has the length of no cipher");
      }
      return AESGCM.decrypt(
          aes, vector, decode(content.toString()), authenticated, decode(tag.toString()), null);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** Strictly: {@code Base64URL} passes over characters that are not of the alphabet. */
  private static byte[] decode(String part) throws JOSEException {
    try {
      return Base64s.decode(part, "A part");
    } catch (DomainUnavailable e) {
      throw new JOSEException(e.getMessage(), e);
    }
  }
}
