package himmelblau.api.hsm;

/** Which machine key protects a key. */
public enum KeyPlace {
  /** Below the machine key in use. */
  CURRENT,
  /**
   * Below an older machine key that is open. {@link Machine#export} and {@link Machine#importKey}
   * move it below the current one, with its PIN if it has one; until then it keeps working.
   */
  MOVABLE,
  /** Below an older machine key that is open. It works, but it cannot be moved, only replaced. */
  FIXED,
  /** Below no machine key that is open here: it must be replaced. */
  UNREACHABLE
}
