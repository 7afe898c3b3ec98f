package himmelblau.store.internal;

import himmelblau.api.log.Log;
import himmelblau.api.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The version of everything in the store, as a plain file beside it. It is written before the store
 * takes that version, and read before the store is opened: an older package detects a newer state
 * without touching it, and so can an installation script.
 */
final class StateVersion {
  /** The version that this bundle writes: see the resource of that name. */
  static final int KNOWN = known();

  private static final Log LOG = Log.of(StateVersion.class);
  private static final String NAME = "state-version";

  private final Path store;
  private final Path file;
  private final int known;

  StateVersion(Path store, int known) {
    this.store = store;
    this.file = store.toAbsolutePath().resolveSibling(NAME);
    this.known = known;
  }

  private static int known() {
    try (InputStream in = StateVersion.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new IllegalStateException("The bundle lacks its resource " + NAME);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
          .lines()
          .filter(line -> line.startsWith("version "))
          .map(line -> Integer.parseInt(line.substring("version ".length()).strip()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(NAME + " has no line \"version\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int number() {
    return known;
  }

  /**
   * Makes sure that the store was not written by a newer version. Changes nothing.
   *
   * @throws StoreException if it was, or if that cannot be determined
   */
  void check() {
    try {
      if (!Files.exists(store, LinkOption.NOFOLLOW_LINKS) || Files.size(store) == 0) {
        return; // the store of that version was deleted
      }
      Optional<SqliteHeader> header = SqliteHeader.of(store);
      if (header.isPresent() && !header.get().ours()) {
        return; // the version of another program's file is meaningless
      }
      refuseNewer(Math.max(header.map(SqliteHeader::version).orElse(0), recorded().orElse(0)));
    } catch (IOException e) {
      throw new StoreException(
          "The state version in "
              + file
              + " cannot be read ("
              + e.getMessage()
              + "). Restore that file from a backup; it holds one number, this version's is "
              + known
              + ". Nothing was changed.",
          e);
    }
  }

  /** Refuses what is newer than what this version knows. */
  void refuseNewer(long version) {
    if (version > known) {
      throw new StoreException(
          "The store "
              + store
              + " was written by a newer version of himmelblau (state version "
              + version
              + ", this one knows "
              + known
              + "). Install that version again, or move the file away and enrol this machine again;"
              + " it was not changed.");
    }
  }

  /** Writes the version down before the store takes it; a store that cannot have it stays old. */
  void raise() {
    Optional<SqliteHeader> header = SqliteHeader.of(store);
    if (header.isPresent() && header.get().ours() && header.get().version() < known) {
      try {
        write();
      } catch (IOException e) {
        throw new StoreException(
            "The state version cannot be written to " + file + ": " + e + ". Nothing was changed.",
            e);
      }
    }
  }

  /** Writes the version of an open store down where that is missing. */
  void record() {
    try {
      if (recorded().orElse(0) != known) {
        write();
      }
    } catch (IOException e) {
      // The store itself has the number too; without this file a script has to read it there.
      LOG.warn("store.version.not_recorded", "file", file, "reason", e);
    }
  }

  private Optional<Integer> recorded() throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(16), StandardCharsets.US_ASCII).strip();
      if (!text.matches("[0-9]{1,9}")) {
        throw new IOException("there is no number in it");
      }
      return Optional.of(Integer.valueOf(text));
    }
  }

  private void write() throws IOException {
    Path half = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(half);
    Files.createFile(
        half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(half, StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap((known + "\n").getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    }
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    PrivateFolders.sync(file.getParent());
  }
}
