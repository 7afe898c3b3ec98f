package himmelblau.domain.entra.internal.graph;

/**
 * Graph refused a request: 401 the token is not accepted, 403 missing permission, 404 not found.
 */
public final class GraphRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int TOKEN = 401;
  private static final int RIGHT = 403;
  private static final int MISSING = 404;

  private final int status;

  GraphRefused(int status) {
    super("Microsoft Graph refused with status " + status);
    this.status = status;
  }

  /** Another token may be accepted. */
  public boolean token() {
    return status == TOKEN;
  }

  /** The application lacks the permission. */
  public boolean right() {
    return status == RIGHT;
  }

  /** There is no such object. */
  public boolean missing() {
    return status == MISSING;
  }
}
