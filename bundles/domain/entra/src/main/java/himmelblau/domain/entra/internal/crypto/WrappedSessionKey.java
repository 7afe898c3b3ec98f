package himmelblau.domain.entra.internal.crypto;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;

/** {@code session_key_jwe}: a session key wrapped to the transport key (RSA-OAEP with SHA-1). */
public final class WrappedSessionKey {
  private static final String WHAT = "The session key in the directory's reply";

  private WrappedSessionKey() {}

  /** Unwraps; the content part of the JWE means nothing and is not looked at. */
  public static SessionKey unwrap(String jwe, Key transport)
      throws DomainUnavailable, KeyStoreUnavailable {
    String[] parts = jwe.split("\\.", -1);
    if (parts.length != 5) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, WHAT + " is not a JWE");
    }
    try {
      Secret key = transport.decrypt(Base64s.decode(parts[1], WHAT), Oaep.SHA1);
      if (key.length() == 32) {
        return new SessionKey(key);
      }
      key.close();
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, WHAT + " has a wrong length");
    } catch (KeyRefused e) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, WHAT + " was not wrapped for this device", e);
    }
  }
}
