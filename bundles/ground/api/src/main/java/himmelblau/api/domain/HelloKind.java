package himmelblau.api.domain;

/** What a Hello key is good for. */
public enum HelloKind {
  /** The directory knows the public key: an assertion with it is a multi-factor sign-in. */
  REGISTERED,
  /** The key only protects tokens kept on this device. */
  LOCAL
}
