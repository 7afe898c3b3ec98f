package himmelblau.api.hello;

/** A PIN did not open anything. */
public final class PinRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int attempts;
  private final int remaining;

  /**
   * @param attempts wrong attempts so far, this one included; 0 when none could be made
   * @param remaining attempts left; 0 = the key is gone if they came from {@link PinOrigin#OWN},
   *     else no more may be made from there before a full sign-in
   */
  public PinRefused(int attempts, int remaining) {
    super("PIN refused");
    this.attempts = attempts;
    this.remaining = remaining;
  }

  public int attempts() {
    return attempts;
  }

  public int remaining() {
    return remaining;
  }
}
