package himmelblau.nssmap.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.nssmap.internal.MapLayout.Section;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The texts of testing/vectors/map, written by this writer (the C one is
 * runtime/shims/nss/test/mkmap.c).
 */
final class Vectors {
  private Vectors() {}

  static Path folder() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("testing/vectors/map"))) {
      at = at.getParent();
    }
    return at.resolve("testing/vectors/map");
  }

  static void write(Path text, Path to) throws IOException {
    List<String> lines = Files.readAllLines(text);
    String[] map = lines.getFirst().split("\t", -1);
    long generation = Long.parseLong(map[2]);
    MapFileWriter.HeaderFields header =
        new MapFileWriter.HeaderFields(
            map[1].equals("base") ? MapLayout.BASE : MapLayout.DELTA,
            generation,
            Long.parseLong(map[3]),
            Long.parseUnsignedLong(map[4]),
            Long.parseLong(map[5]),
            Long.parseLong(map[6]));
    try (MapFileWriter out =
        new MapFileWriter(
            new BlockWriter(
                FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                generation),
            header)) {
      for (String line : lines.subList(1, lines.size())) {
        write(line.split("\t", -1), out);
      }
      out.finish();
    }
  }

  private static void write(String[] w, MapFileWriter out) throws IOException {
    switch (w[0]) {
      case "person" -> user(w, out);
      case "group" -> group(w, out);
      case "missing" -> missing(w, out);
      default -> throw new IOException("not understood: " + w[0]);
    }
  }

  private static void user(String[] w, MapFileWriter out) throws IOException {
    int flags = Integer.parseInt(w[4]);
    if ((flags & MapLayout.REMOVED) != 0) {
      out.removedUser(Long.parseLong(w[2]));
      return;
    }
    long gid = Long.parseLong(w[3]);
    List<Long> gids = new ArrayList<>(List.of(gid));
    list(w[9]).forEach(text -> gids.add(Long.valueOf(text)));
    PasswdEntry entry = new PasswdEntry(w[1], Long.parseLong(w[2]), gid, w[5], w[6], w[7]);
    out.user(new MappedUser(entry, list(w[8]), gids, (flags & MapLayout.HIDDEN) != 0));
  }

  private static void group(String[] w, MapFileWriter out) throws IOException {
    long gid = Long.parseLong(w[2]);
    int flags = Integer.parseInt(w[3]);
    if ((flags & MapLayout.REMOVED) != 0) {
      out.removedGroup(gid);
      return;
    }
    MappedGroup group =
        new MappedGroup(
            new GroupEntry(w[1], gid, list(w[5])),
            Optional.of(UUID.fromString(w[4])),
            (flags & MapLayout.NAME_IS_ID) != 0);
    if ((flags & MapLayout.EXTENDS) != 0) {
      out.extension(group, group.entry().members());
    } else {
      out.group(group);
    }
  }

  private static void missing(String[] w, MapFileWriter out) throws IOException {
    long expires = Long.parseLong(w[3]);
    switch (w[1]) {
      case "name" -> out.missingName(w[2].getBytes(UTF_8), expires);
      case "object" -> out.missingObject(UUID.fromString(w[2]), expires);
      case "uid" -> out.missingNumber(Section.BY_UID, Long.parseLong(w[2]), expires);
      default -> out.missingNumber(Section.BY_GID, Long.parseLong(w[2]), expires);
    }
  }

  private static List<String> list(String text) {
    return text.equals("-") ? List.of() : Arrays.asList(text.split(","));
  }
}
