package himmelblau.tasks.files;

import java.io.IOException;

/** A file is not safe, or not what was expected. Nothing was changed. */
public final class FileRefused extends IOException {
  private static final long serialVersionUID = 1L;

  public FileRefused(String message) {
    super(message);
  }
}
