package himmelblau.frames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Reads testing/vectors/frames. */
final class Vectors {
  private static final Pattern RUN = Pattern.compile("\\(([0-9a-f]+)\\*([0-9]+)\\)");

  private Vectors() {}

  static List<List<String>> lines(String file) throws IOException {
    return Files.readAllLines(Path.of("../../../testing/vectors/frames", file)).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> List.of(line.split(" ")))
        .toList();
  }

  static byte[] hex(String text) {
    String plain =
        RUN.matcher(text).replaceAll(run -> run.group(1).repeat(Integer.parseInt(run.group(2))));
    return plain.equals("-") ? new byte[0] : HexFormat.of().parseHex(plain);
  }
}
