package himmelblau.api.hsm;

/** Hash of RSA-OAEP and its MGF1 (RFC 8017 7.1), with an empty label. */
public enum Oaep {
  /** {@code RSA-OAEP} of RFC 7518 4.3. */
  SHA1,
  SHA256
}
