package himmelblau.api.directory;

/** A user or group cannot be given ids on this host. The message says why, for the log. */
public final class DirectoryConflict extends Exception {
  private static final long serialVersionUID = 1L;

  public DirectoryConflict(String message) {
    super(message);
  }
}
