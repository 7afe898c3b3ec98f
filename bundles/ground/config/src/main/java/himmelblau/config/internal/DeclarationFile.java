package himmelblau.config.internal;

import java.io.IOException;
import java.io.InputStream;

/**
 * The declarations of a bundle, not yet read.
 *
 * @param bundle name and version
 */
record DeclarationFile(String bundle, Content content) {
  /** Where it is in a bundle. */
  static final String PATH = "OSGI-INF/himmelblau.options";

  /** Gives what {@link #limited} read. */
  interface Content {
    byte[] read() throws IOException;
  }

  /** At most one byte more than a file may have, whatever a jar says of its length. */
  static byte[] limited(InputStream in) throws IOException {
    return in.readNBytes(DeclarationParser.MOST_BYTES + 1);
  }

  /** For messages; line 0 means the whole file. */
  String where(int line) {
    return "bundle " + bundle + ", " + PATH + (line > 0 ? ":" + line : "");
  }
}
