package himmelblau.api.hello;

/** Where a person's PIN stands. */
public enum State {
  /** None enrolled. */
  NONE,
  /** Enrolled and may be tried. */
  READY,
  /** Too many wrong attempts; a full sign-in and a new PIN are needed. */
  LOCKED,
  /** PINs are switched off ({@code enable_hello = false} or {@code hello_pin_retry_count = 0}). */
  DISABLED
}
