package himmelblau.tasks.script.internal;

import himmelblau.tasks.files.FileEntry;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.SafeDirectory;
import himmelblau.tasks.files.SafeFile;
import java.io.IOException;
import java.util.List;

/**
 * The value of {@code logon_script}: a program and its arguments, separated by blanks. Not
 * interpreted by a shell.
 *
 * @param words the program's path first
 */
record Script(List<String> words) {
  static Script of(String option) throws FileRefused {
    List<String> words = List.of(option.strip().split("\\s+"));
    if (!words.getFirst().startsWith("/")) {
      throw new FileRefused(
          "logon_script = " + option + " must begin with the absolute path of a program");
    }
    return new Script(words);
  }

  /**
   * Checks that only root can have written the program.
   *
   * @throws FileRefused if another user could have
   */
  void check() throws IOException {
    String path = words.getFirst();
    int slash = path.lastIndexOf('/');
    try (SafeDirectory directory =
            SafeDirectory.openTrusted(slash == 0 ? "/" : path.substring(0, slash));
        SafeFile file = directory.openFile(path.substring(slash + 1))) {
      FileEntry entry = file.entry();
      if (!entry.rootOnly() || (entry.mode() & 0111) == 0) {
        throw new FileRefused(
            path + " must belong to root, be writable by nobody else, and be executable");
      }
    }
  }
}
