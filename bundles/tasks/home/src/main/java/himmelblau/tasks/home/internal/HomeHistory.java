package himmelblau.tasks.home.internal;

import himmelblau.tasks.files.AccountFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stores the last name of the home directory of each uid, so that it is renamed when its owner gets
 * another name: before the first sign-in a home directory is named after the account, later
 * possibly after the object id. Only root can write these files. Thread-safe.
 */
final class HomeHistory {
  private static final String FILE = "homes";
  private static final int MODE = 0600;

  private final AccountFiles state;

  /**
   * @param directory root's alone
   */
  HomeHistory(String directory) {
    this.state = new AccountFiles(directory, directory);
  }

  /** The name below {@code prefix}, if a home of {@code uid} was seen there. */
  Optional<String> of(long uid, String prefix) throws IOException {
    String begin = begin(uid, prefix);
    return state.lines(FILE).stream()
        .filter(line -> line.startsWith(begin))
        .map(line -> text(line.substring(begin.length())))
        .findFirst();
  }

  void note(long uid, String prefix, String name) throws IOException, InterruptedException {
    String begin = begin(uid, prefix);
    String line = begin + AccountFiles.raw(name);
    if (state.lines(FILE).contains(line)) {
      return;
    }
    state.edit(
        FILE,
        MODE,
        lines -> {
          List<String> next = new ArrayList<>(lines);
          next.removeIf(each -> each.startsWith(begin));
          next.add(line);
          return next;
        });
  }

  /** No name and no number has a colon, so a prefix may have some. */
  private static String begin(long uid, String prefix) {
    return uid + ":" + AccountFiles.raw(prefix) + ":";
  }

  private static String text(String raw) {
    return new String(
        raw.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
