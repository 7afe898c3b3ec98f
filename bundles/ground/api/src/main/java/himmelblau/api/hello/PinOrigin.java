package himmelblau.api.hello;

/**
 * Where a PIN attempt comes from. Wrong attempts are counted separately, so that nobody can cause
 * the deletion of another user's PIN.
 */
public enum PinOrigin {
  /** At the console, or in a session of the account itself. */
  OWN,
  /** Over the network. */
  REMOTE,
  /** By another local user, with {@code su} for instance. */
  OTHER_USER,
  /**
   * A password that another PAM module has accepted ({@code try_unseal}): it either is the PIN or
   * is not, so one wrong attempt is the limit.
   */
  OTHER_MODULE
}
