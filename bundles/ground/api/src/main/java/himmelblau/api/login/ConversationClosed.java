package himmelblau.api.login;

/**
 * The user cancelled or the application disconnected. No further prompt is possible: clean up and
 * return.
 */
public final class ConversationClosed extends Exception {
  private static final long serialVersionUID = 1L;

  /** How it ended. */
  public enum Reason {
    /** The connection closed. */
    GONE,
    /** The application's conversation function returned nothing: the user pressed cancel. */
    GIVEN_UP
  }

  private final Reason reason;

  public ConversationClosed(Reason reason) {
    super(reason == Reason.GONE ? "The peer closed the conversation" : "The user cancelled");
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
