package himmelblau.api.hello;

/**
 * From where a PIN is tried. Wrong attempts are counted apart, so that nobody destroys the PIN of
 * somebody else.
 */
public enum PinOrigin {
  /** At the console, or in a session of the account itself. */
  OWN,
  /** Over the network. */
  REMOTE,
  /** By another local user, with {@code su} for instance. */
  OTHER_USER
}
