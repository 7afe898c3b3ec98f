package himmelblau.domain.graphtools.internal;

/** Graph answered with an error that another try does not change. */
final class GraphSaidNo extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  GraphSaidNo(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** What Graph said, one line. */
  String text() {
    return String.valueOf(getMessage());
  }
}
