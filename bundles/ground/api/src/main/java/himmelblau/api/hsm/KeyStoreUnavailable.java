package himmelblau.api.hsm;

/**
 * The store cannot work now: device missing, in lockout, killed, being replaced. Nothing was
 * changed. The message says what to do.
 */
public final class KeyStoreUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  public KeyStoreUnavailable(String message) {
    super(message);
  }

  public KeyStoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
