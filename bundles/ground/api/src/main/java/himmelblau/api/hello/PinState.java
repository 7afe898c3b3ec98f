package himmelblau.api.hello;

/** The state of a user's PIN. */
public enum PinState {
  /** None enrolled. */
  NONE,
  /** Enrolled and may be tried. */
  READY,
  /**
   * Enrolled, and too many wrong attempts were made from this {@link PinOrigin}: not to be tried
   * from there before a full sign-in. Others may try it.
   */
  BLOCKED,
  /** Too many wrong attempts; a full sign-in and a new PIN are needed. */
  LOCKED,
  /** PINs are switched off ({@code enable_hello = false} or {@code hello_pin_retry_count = 0}). */
  DISABLED
}
