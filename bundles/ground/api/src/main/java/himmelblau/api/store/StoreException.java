package himmelblau.api.store;

/** The store cannot read or write (disk full, damaged file, newer version). Says what to do. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean full;

  public StoreException(String message) {
    super(message);
    this.full = false;
  }

  public StoreException(String message, Throwable cause) {
    this(message, cause, false);
  }

  /**
   * @param full whether the reason is that the disk has no room
   */
  public StoreException(String message, Throwable cause, boolean full) {
    super(message, cause);
    this.full = full;
  }

  /** Whether the reason is that the disk has no room. */
  public boolean full() {
    return full;
  }
}
