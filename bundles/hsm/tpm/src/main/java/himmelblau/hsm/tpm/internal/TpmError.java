package himmelblau.hsm.tpm.internal;

import java.util.HexFormat;

/** A command failed; the code is that of TCG TPM 2.0 part 2, 6.6, or of the library's layers. */
final class TpmError extends Exception {
  private static final long serialVersionUID = 1L;

  static final int INITIALIZE = 0x100;
  static final int FAILURE = 0x101;
  static final int AUTH_FAIL = 0x8e;
  static final int BAD_AUTH = 0xa2;
  static final int INTEGRITY = 0x9f;
  static final int LOCKOUT = 0x921;
  static final int HANDLE = 0x8b;
  static final int OBJECT_MEMORY = 0x902;
  static final int SESSION_MEMORY = 0x903;

  /** The one command that the owner hierarchy authorises. */
  static final String OWNER_COMMAND = "TPM2_CreatePrimary";

  private static final String OWNER_PASSWORD =
      "the TPM's owner hierarchy has a password, so nothing below it can be used; remove it with"
          + " `tpm2_changeauth -c owner -p OLD-PASSWORD`";

  private static final int FIRST_REFERENCE = 0x910; // a handle or session that is not loaded
  private static final int LAST_REFERENCE = 0x91e;
  private static final int LAYER_MASK = 0xffff0000;
  // The kernel's and tabrmd's resource managers pass a TPM's own codes on under their layers.
  private static final int MANAGER_LAYER = 0xb0000;
  private static final int MARSHALLING_LAYER = 0x90000;
  private static final int FORMAT_ONE = 0x80;

  private final String command;
  private final int code;

  TpmError(String command, int code) {
    super(command + " failed with 0x" + HexFormat.of().toHexDigits(code, 5));
    this.command = command;
    this.code = code;
  }

  /** The TPM's own error without the number of the parameter; -1 when it is not the TPM's. */
  int tpmCode() {
    int layer = code & LAYER_MASK;
    if (layer != 0 && layer != MANAGER_LAYER) {
      return -1;
    }
    int own = code & 0xfff;
    return (own & FORMAT_ONE) != 0 ? own & 0xbf : own;
  }

  boolean is(int tpmCode) {
    return tpmCode() == tpmCode;
  }

  /** Whether the way to the TPM failed, and not the TPM. */
  boolean disconnected() {
    return tpmCode() == -1;
  }

  /** Whether another program has flushed a loaded object. */
  boolean evicted() {
    return is(HANDLE) || (tpmCode() >= FIRST_REFERENCE && tpmCode() <= LAST_REFERENCE);
  }

  /** Whether bytes were refused for what they are: changed, of another key, no such structure. */
  boolean malformed() {
    boolean formatOne = tpmCode() > 0 && (tpmCode() & FORMAT_ONE) != 0;
    return (code & LAYER_MASK) == MARSHALLING_LAYER
        || (formatOne && !is(AUTH_FAIL) && !is(BAD_AUTH));
  }

  /** In words. */
  String reason() {
    String words =
        switch (tpmCode()) {
          case -1 -> "the connection to the TPM failed";
          case INITIALIZE -> "the TPM was not started up";
          case AUTH_FAIL, BAD_AUTH ->
              command.equals(OWNER_COMMAND) ? OWNER_PASSWORD : "the TPM refused the authorisation";
          case INTEGRITY -> "the TPM does not know this object";
          case LOCKOUT -> "the TPM is in lockout after too many wrong attempts";
          case OBJECT_MEMORY, SESSION_MEMORY -> "the TPM's memory is full";
          case FAILURE -> "the TPM is in failure mode; power the machine off and on";
          case 0x84, 0x95 -> "the TPM refused a value";
          case 0x85 -> "the TPM's owner hierarchy is disabled; enable it in the firmware set-up";
          default -> "the TPM refused the command";
        };
    return words + " (" + command + ", code 0x" + HexFormat.of().toHexDigits(code, 5) + ")";
  }
}
