package himmelblau.tasks.rulenames.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the rules of sudo, sshd and polkit once, with the files that they include. Bounded: more
 * files, bytes or names than a host can have are treated as unreadable.
 */
final class RuleFiles {
  static final int MOST_FILES = 1000;
  static final int MOST_BYTES = 1 << 20;
  static final int MOST_NAMES_BYTES = 50_000;

  /**
   * What was read.
   *
   * @param stamps of every file and folder that was looked at
   * @param trouble why it is not all; empty: it is
   */
  record Reading(Set<String> names, Map<Path, String> stamps, String trouble) {
    /** Whether the files are as they were. */
    boolean current() {
      return trouble.isEmpty()
          && stamps.entrySet().stream()
              .allMatch(stamp -> stampOf(stamp.getKey()).equals(stamp.getValue()));
    }

    /** All names, one a line. */
    byte[] lines() {
      return String.join("\n", names).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Fits every name: what cannot be read may mention any. */
  static final String ALL = "*";

  private enum Kind {
    SUDOERS,
    SSHD,
    POLKIT
  }

  private final Path root;
  private final TreeMap<Path, String> stamps = new TreeMap<>();
  private final Set<Path> seen = new HashSet<>();
  private final TreeSet<String> names = new TreeSet<>();
  private int bytes;

  private RuleFiles(Path root) {
    this.root = root;
  }

  /** Reads them all below {@code root}. */
  static Reading read(Path root) {
    RuleFiles files = new RuleFiles(root);
    try {
      return files.all();
    } catch (IOException | DirectoryIteratorException e) {
      return new Reading(Set.of(ALL), Map.of(), String.valueOf(e.getMessage()));
    }
  }

  private Reading all() throws IOException {
    for (String etc : List.of("etc", "usr/etc")) {
      file(root.resolve(etc + "/sudoers"), Kind.SUDOERS);
      folder(root.resolve(etc + "/sudoers.d"), Kind.SUDOERS);
      file(root.resolve(etc + "/ssh/sshd_config"), Kind.SSHD);
      folder(root.resolve(etc + "/ssh/sshd_config.d"), Kind.SSHD);
    }
    for (String place :
        List.of("etc", "run", "usr/local/share", "usr/share", "var/lib", "usr/lib")) {
      folder(root.resolve(place + "/polkit-1/rules.d"), Kind.POLKIT);
      for (String old : List.of("localauthority", "localauthority.conf.d")) {
        tree(root.resolve(place + "/polkit-1/" + old), 2);
      }
    }
    Reading reading = new Reading(names, stamps, "");
    if (reading.lines().length > MOST_NAMES_BYTES) {
      throw new IOException("The rules mention more than " + MOST_NAMES_BYTES + " bytes of names");
    }
    return reading;
  }

  private void tree(Path folder, int depth) throws IOException {
    for (Path each : entries(folder)) {
      if (Files.isDirectory(each) && depth > 0) {
        tree(each, depth - 1);
      } else {
        file(each, Kind.POLKIT);
      }
    }
  }

  private void folder(Path folder, Kind kind) throws IOException {
    for (Path each : entries(folder)) {
      file(each, kind);
    }
  }

  private List<Path> entries(Path folder) throws IOException {
    stamp(folder);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path each : stream) {
        if (found.size() >= MOST_FILES) {
          throw new IOException(folder + " holds more than " + MOST_FILES + " files");
        }
        found.add(each);
      }
    }
    found.sort(null);
    return found;
  }

  private void stamp(Path path) {
    stamps.put(path, stampOf(path));
  }

  private static String stampOf(Path path) {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return now.lastModifiedTime() + "/" + now.size() + "/" + now.fileKey();
    } catch (IOException absent) {
      return "absent";
    }
  }

  private void file(Path file, Kind kind) throws IOException {
    if (!seen.add(file) || Files.isDirectory(file)) {
      return;
    }
    stamp(file);
    if (!Files.isRegularFile(file)) {
      return; // absent, a dangling link, or nothing that sudo and sshd read
    }
    if (seen.size() > MOST_FILES) {
      throw new IOException("There are more than " + MOST_FILES + " files with rules");
    }
    byte[] content;
    try (var in = Files.newInputStream(file)) {
      content = in.readNBytes(MOST_BYTES - bytes + 1);
    }
    bytes += content.length;
    if (bytes > MOST_BYTES) {
      throw new IOException("The files with rules are larger than " + MOST_BYTES + " bytes");
    }
    String text = new String(content, StandardCharsets.UTF_8);
    switch (kind) {
      case SUDOERS -> SudoersNames.collect(text, this::take);
      case SSHD -> SshdNames.collect(text, this::take);
      case POLKIT -> polkit(file, text);
    }
    if (kind != Kind.POLKIT) {
      includes(file, text, kind);
    }
  }

  private void polkit(Path file, String text) {
    if (file.toString().endsWith(".rules")) {
      PolkitNames.script(text, this::take);
    } else {
      PolkitNames.keyFile(text, this::take);
    }
  }

  private void take(String name) {
    if (!name.isBlank() && name.codePoints().noneMatch(Character::isISOControl)) {
      names.add(name.strip());
    }
  }

  private void includes(Path file, String text, Kind kind) throws IOException {
    for (String line : text.lines().map(String::strip).toList()) {
      List<String> words = RuleText.words(line);
      if (words.size() < 2) {
        continue;
      }
      switch (words.getFirst().toLowerCase(Locale.ROOT)) {
        case "#include", "@include" -> {
          if (kind == Kind.SUDOERS) {
            file(place(file, words.get(1)), kind);
          }
        }
        case "#includedir", "@includedir" -> {
          if (kind == Kind.SUDOERS) {
            folder(place(file, words.get(1)), kind);
          }
        }
        case "include" -> {
          if (kind == Kind.SSHD) {
            for (String pattern : words.subList(1, words.size())) {
              glob(place(file, pattern), kind);
            }
          }
        }
        default -> {
          // a rule
        }
      }
    }
  }

  /** An absolute path of the host, or one beside the file that names it. */
  private Path place(Path file, String path) {
    Path parent = file.toAbsolutePath().getParent();
    return path.startsWith("/")
        ? root.resolve(path.substring(1)).normalize()
        : (parent == null ? root : parent).resolve(path).normalize();
  }

  /** Patterns in the last component only, as is usual. */
  private void glob(Path pattern, Kind kind) throws IOException {
    Path folder = pattern.getParent();
    Path last = pattern.getFileName();
    if (folder == null || last == null) {
      return;
    }
    if (folder.toString().matches(".*[*?\\[].*")) {
      throw new IOException("Include " + pattern + " has a pattern in the name of a folder");
    }
    PathMatcher fits = FileSystems.getDefault().getPathMatcher("glob:" + last);
    for (Path each : entries(folder)) {
      Path name = each.getFileName();
      if (name != null && fits.matches(name)) {
        file(each, kind);
      }
    }
  }
}
