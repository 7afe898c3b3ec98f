package himmelblau.testing.authenticator;

/** A status of CTAP 2 other than success. */
final class CtapError extends Exception {
  private static final long serialVersionUID = 1L;

  static final int INVALID_COMMAND = 0x01;
  static final int INVALID_PARAMETER = 0x02;
  static final int KEEPALIVE_CANCEL = 0x2d;
  static final int NO_CREDENTIALS = 0x2e;
  static final int USER_ACTION_TIMEOUT = 0x2f;
  static final int PIN_INVALID = 0x31;
  static final int PIN_BLOCKED = 0x32;
  static final int PIN_AUTH_INVALID = 0x33;
  static final int PIN_AUTH_BLOCKED = 0x34;
  static final int PIN_NOT_SET = 0x35;
  static final int PIN_REQUIRED = 0x36;
  static final int UNSUPPORTED_ALGORITHM = 0x26;

  private final int status;

  CtapError(int status) {
    super("status 0x" + Integer.toHexString(status), null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }
}
