package himmelblau.mfa.fido2.internal;

import java.util.Locale;

/** What a key, or libfido2, answered instead of what was asked for. */
final class KeyFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What it means for the user. */
  enum Kind {
    /** No passkey on this key is one of those that were asked for. */
    NO_CREDENTIAL,
    PIN_WRONG,
    /** Three wrong PINs in a row: the key has to be pulled out first. */
    PIN_PAUSED,
    /** Too many wrong PINs: the key has to be reset. */
    PIN_BLOCKED,
    /** The finger was not recognised. */
    USER_WRONG,
    /** Too many fingers that were not recognised; the PIN still works. */
    USER_BLOCKED,
    /** Nobody touched the key in time. */
    TIMED_OUT,
    /** The user declined on the key. */
    DECLINED,
    /** The key does not answer any more. */
    GONE,
    /** A key of the older protocol U2F, which has no passkeys. */
    OUTDATED,
    OTHER
  }

  private final Kind kind;

  private KeyFailure(Kind kind, String what) {
    super(what);
    this.kind = kind;
  }

  /**
   * @param status of libfido2 (err.h), not zero
   */
  static KeyFailure of(int status) {
    Kind kind =
        switch (status) {
          case 0x22, 0x2e -> Kind.NO_CREDENTIAL;
          case 0x31 -> Kind.PIN_WRONG;
          case 0x34 -> Kind.PIN_PAUSED;
          case 0x32 -> Kind.PIN_BLOCKED;
          case 0x3f -> Kind.USER_WRONG;
          case 0x3c -> Kind.USER_BLOCKED;
          case 0x05, 0x2d, 0x2f, 0x3a -> Kind.TIMED_OUT;
          case 0x27 -> Kind.DECLINED;
          case 0x01 -> Kind.OUTDATED;
          case -1, -2, -9 -> Kind.GONE; // writing, reading, or opening it failed
          default -> Kind.OTHER;
        };
    return new KeyFailure(
        kind, String.format(Locale.ROOT, "libfido2 status 0x%02x", status & 0xff));
  }

  static KeyFailure gone(String why) {
    return new KeyFailure(Kind.GONE, why);
  }

  static KeyFailure timedOut() {
    return new KeyFailure(Kind.TIMED_OUT, "no answer in time");
  }

  /** The answer of the key cannot be used. */
  static KeyFailure malformed(String why) {
    return new KeyFailure(Kind.OTHER, why);
  }

  Kind kind() {
    return kind;
  }
}
