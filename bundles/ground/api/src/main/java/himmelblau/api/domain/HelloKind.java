package himmelblau.api.domain;

/** What a Hello key can be used for. */
public enum HelloKind {
  /** The directory knows the public key: an assertion with it is a multi-factor sign-in. */
  REGISTERED,
  /** The key only protects tokens stored on this device. */
  LOCAL
}
