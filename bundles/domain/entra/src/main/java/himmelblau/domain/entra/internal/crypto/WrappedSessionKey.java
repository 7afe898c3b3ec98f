package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.util.Base64URL;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import java.text.ParseException;

/**
 * {@code session_key_jwe}: a session key wrapped to the transport key (entra-tokens 6.6). Nimbus
 * reads it. It cannot decrypt it: the content does not verify with the wrapped key, in the live
 * service either, and means nothing.
 */
public final class WrappedSessionKey {
  private static final String WHAT = "The session key in the directory's reply";

  /** With SHA-1, which the key is unwrapped with whatever a header says. */
  private static final String ALGORITHM = "RSA-OAEP";

  private WrappedSessionKey() {}

  /** Unwraps with a key that never leaves its store. */
  public static SessionKey unwrap(String jwe, Key transport)
      throws DomainUnavailable, KeyStoreUnavailable {
    byte[] wrapped = Base64s.decode(encryptedKey(jwe).toString(), WHAT);
    try {
      Secret key = transport.decrypt(wrapped, Oaep.SHA1);
      if (key.length() == SessionKey.LENGTH) {
        return new SessionKey(key);
      }
      key.close();
      throw broken("has a wrong length");
    } catch (KeyRefused e) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, WHAT + " was not wrapped for this device", e);
    }
  }

  private static Base64URL encryptedKey(String jwe) throws DomainUnavailable {
    JWEObject parsed;
    try {
      parsed = Jwe.parse(jwe);
    } catch (ParseException e) {
      throw broken("is not a JWE");
    }
    JWEHeader header = parsed.getHeader();
    if (!ALGORITHM.equals(header.getAlgorithm().getName())
        || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
        || header.getCriticalParams() != null) {
      throw broken("is wrapped in another way than RSA-OAEP");
    }
    if (parsed.getEncryptedKey() == null) {
      throw broken("is not there");
    }
    return parsed.getEncryptedKey();
  }

  private static DomainUnavailable broken(String how) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, WHAT + " " + how);
  }
}
