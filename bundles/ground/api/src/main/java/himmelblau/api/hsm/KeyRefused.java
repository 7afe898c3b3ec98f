package himmelblau.api.hsm;

/**
 * This key or sealed value does not belong to this machine, store or label, or it was changed. It
 * will not work later either; it must not be deleted automatically.
 */
public final class KeyRefused extends Exception {
  private static final long serialVersionUID = 1L;

  public KeyRefused(String message) {
    super(message);
  }

  public KeyRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
