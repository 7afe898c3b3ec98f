package himmelblau.api.hsm;

/** Hash of RSA-OAEP and its MGF1 (RFC 8017 7.1), with an empty label. */
public enum Oaep {
  /** What Entra wraps session keys with. */
  SHA1,
  SHA256
}
