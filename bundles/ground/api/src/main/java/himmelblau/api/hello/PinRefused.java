package himmelblau.api.hello;

/** A PIN was refused. */
public final class PinRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int attempts;
  private final int remaining;

  /**
   * @param attempts wrong attempts so far, this one included; 0 when the PIN was not tried
   * @param remaining attempts left; 0 = the key is deleted if the attempts came from {@link
   *     PinOrigin#OWN}; otherwise no further attempt is possible from that origin before a full
   *     sign-in
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
