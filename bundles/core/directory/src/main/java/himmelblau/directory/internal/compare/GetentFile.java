package himmelblau.directory.internal.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A file with the output of {@code getent passwd} and {@code getent group}, in any order. Its
 * author is not trusted: it is read once, in pieces, and reading stops at an invalid line, because
 * omitted entries could not be compared. Messages never quote the content of the file.
 */
final class GetentFile {
  private static final int PASSWD_COLONS = 6;
  private static final int GROUP_COLONS = 3;
  private static final int KEPT = 4;
  private static final int LONGEST_FIELD = 1024;
  private static final long LARGEST = 256L << 20;

  /** Receives the lines; may refuse further ones. */
  interface Sink {
    void user(String name, long uid, long gid) throws IOException;

    void group(String name, long gid) throws IOException;
  }

  private final Path file;
  private final Sink to;
  private final ByteArrayOutputStream[] fields = new ByteArrayOutputStream[KEPT];
  private int colons;
  private long length;
  private long number;

  private GetentFile(Path file, Sink to) {
    this.file = file;
    this.to = to;
    for (int i = 0; i < KEPT; i++) {
      fields[i] = new ByteArrayOutputStream();
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws IOException with what is wrong, where, and what to do
   */
  static void read(Path file, Sink to) throws IOException {
    if (!file.isAbsolute()) {
      throw new IOException(
          file + " is not an absolute path; the daemon reads the file, not aad-tool");
    }
    try {
      // Opening a pipe would wait for a writer.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new IOException(file + " is not a regular file");
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        new GetentFile(file, to).lines(in);
      }
    } catch (NoSuchFileException e) {
      throw new IOException(
          file + " does not exist, or the daemon cannot access it; put it into /srv", e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          file + " cannot be read by the daemon; put it into /srv, readable by everyone", e);
    }
  }

  private void lines(InputStream in) throws IOException {
    long total = 0;
    number = 1;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (++total > LARGEST) {
        throw new IOException(file + " is larger than " + (LARGEST >> 20) + " MiB");
      }
      if (next == '\n') {
        end();
      } else {
        add(next);
      }
    }
    if (length > 0) {
      end();
    }
  }

  private void add(int next) throws IOException {
    length++;
    if (next == ':') {
      colons++;
    } else if (colons < KEPT) {
      if (fields[colons].size() < LONGEST_FIELD) {
        fields[colons].write(next);
      } else if (colons < GROUP_COLONS) {
        throw refused("is not a line of getent passwd or getent group");
      } // else the members of a group, which may be many
    }
  }

  private void end() throws IOException {
    boolean nothing = length == 0 || fields[0].toString(UTF_8).stripLeading().startsWith("#");
    boolean blank = colons == 0 && fields[0].toString(UTF_8).isBlank();
    if (!nothing && !blank) {
      whole();
    }
    for (ByteArrayOutputStream field : fields) {
      field.reset();
    }
    colons = 0;
    length = 0;
    number++;
  }

  private void whole() throws IOException {
    if (colons != PASSWD_COLONS && colons != GROUP_COLONS) {
      throw refused("is not a line of getent passwd or getent group");
    }
    OptionalLong id = id(fields[2]);
    OptionalLong gid = colons == PASSWD_COLONS ? id(fields[3]) : id;
    if (id.isEmpty() || gid.isEmpty()) {
      throw refused("has no number where an id should be");
    }
    String name = name();
    if (colons == PASSWD_COLONS) {
      to.user(name, id.getAsLong(), gid.getAsLong());
    } else {
      to.group(name, id.getAsLong());
    }
  }

  private String name() throws IOException {
    String name;
    try {
      name = UTF_8.newDecoder().decode(ByteBuffer.wrap(fields[0].toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw refused("has a name that is not UTF-8; convert the file with iconv");
    }
    if (name.isBlank()
        || name.codePoints()
            .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)) {
      throw refused("has an invalid name");
    }
    return name;
  }

  private static OptionalLong id(ByteArrayOutputStream field) {
    String text = field.toString(UTF_8);
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > 0xFFFF_FFFFL) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private IOException refused(String why) {
    return new IOException("line " + number + " of " + file + " " + why);
  }
}
