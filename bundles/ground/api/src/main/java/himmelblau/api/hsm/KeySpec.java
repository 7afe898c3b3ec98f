package himmelblau.api.hsm;

/** The types of keys that a store can create. */
public enum KeySpec {
  /** RSA 2048, e = 65537: signs RS256 (RFC 7518 3.3), decrypts RSA-OAEP. */
  RSA_2048,
  /** NIST P-256: signs ES256 (RFC 7518 3.4). */
  EC_P256,
  /** HMAC-SHA-256. */
  HMAC_SHA256
}
