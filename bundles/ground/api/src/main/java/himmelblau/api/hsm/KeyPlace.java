package himmelblau.api.hsm;

/** Where a key lies, seen from the machine key in use. */
public enum KeyPlace {
  /** Below the machine key in use. */
  CURRENT,
  /**
   * Below an older machine key that is open. {@link Machine#export} and {@link Machine#importKey}
   * bring it below the one in use, with its PIN if it has one; until then it works where it is.
   */
  MOVABLE,
  /** Below an older machine key that is open. It works there, and can only be replaced. */
  FIXED,
  /** Below no machine key that is open here: it must be replaced. */
  UNREACHABLE
}
