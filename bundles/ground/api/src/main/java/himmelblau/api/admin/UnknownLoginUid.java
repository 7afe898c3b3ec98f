package himmelblau.api.admin;

/** Nobody can say who asked; the reason is for the administrator. */
public final class UnknownLoginUid extends Exception {
  private static final long serialVersionUID = 1L;
  private final String reason;

  /**
   * @param reason what is not known and what to do, as sentences
   */
  public UnknownLoginUid(String reason) {
    super(reason);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
