package himmelblau.testing.authenticator;

import java.security.KeyPair;

/**
 * A passkey of a software key.
 *
 * @param relyingParty the only one that gets signatures of it
 * @param keys P-256
 */
public record Credential(String relyingParty, byte[] id, KeyPair keys, byte[] userHandle) {
  /** SubjectPublicKeyInfo, DER. */
  public byte[] publicKey() {
    return keys.getPublic().getEncoded();
  }
}
