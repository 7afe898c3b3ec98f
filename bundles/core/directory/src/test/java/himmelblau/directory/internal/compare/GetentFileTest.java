package himmelblau.directory.internal.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GetentFileTest {
  // A file without an end would be read for ever; a slow machine needs seconds for the largest one.
  private static final Duration AT_ALL = Duration.ofMinutes(1);

  @TempDir Path folder;

  private static List<String> read(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    GetentFile.read(
        file,
        new GetentFile.Sink() {
          @Override
          public void user(String name, long uid, long gid) {
            lines.add(name + " " + uid + " " + gid);
          }

          @Override
          public void group(String name, long gid) {
            lines.add(name + " " + gid);
          }
        });
    return lines;
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("other"), bytes);
  }

  private Path file(String text) throws IOException {
    return file(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String refusal(Path file) {
    IOException refused =
        Assertions.assertTimeoutPreemptively(
            AT_ALL, () -> assertThrows(IOException.class, () -> OtherMachineIds.read(file)));
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    return refused.getMessage();
  }

  @Test
  void bothDatabasesInAnyOrder() throws Exception {
    String members = "somebody,".repeat(20_000);
    assertEquals(
        List.of("g 7", "Ädä 4294967294 0", "DOM\\a b 5 6", "last 9"),
        read(
            file(
                "g:x:7:"
                    + members
                    + "\n\n# remark\n  \nÄdä:x:4294967294:0:"
                    + "é".repeat(9000)
                    + ":/:/bin/sh\r\nDOM\\a b:*:5:6:::\nlast:x:9:")));
  }

  /** A gecos of another age does not matter: only the name is compared. */
  @Test
  void onlyTheNameHasToBeUtf8() throws Exception {
    assertEquals(
        List.of("a 5 6"),
        read(file("a:x:5:6:M\u00fcller:/:\n".getBytes(StandardCharsets.ISO_8859_1))));
    String message =
        refusal(file("a:x:5:6:::\nm\u00fc:x:5:6:::\n".getBytes(StandardCharsets.ISO_8859_1)));
    assertTrue(message.contains("line 2 ") && message.contains("iconv"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "secret:x:5",
        "secret:x:5:6:g:/home",
        "secret:x:5:6:g:/home:/bin/sh:more",
        "secret:x::6:g:/home:/bin/sh",
        "secret:x:five:6:g:/home:/bin/sh",
        "secret:x:-5:6:g:/home:/bin/sh",
        "secret:x:4294967296:6:g:/home:/bin/sh",
        "secret:x:5:x:g:/home:/bin/sh",
        ":x:5:6:secret:/home:/bin/sh",
        "secret\u202e:x:5:6:g:/home:/bin/sh",
        "\u0000secret:x:5:6:g:/home:/bin/sh",
        "{\"secret\": 1}",
        "secret:x:99999999999:",
      })
  void aLineThatIsNoneIsNamedAndNothingOfItShown(String line) throws Exception {
    String message = refusal(file("ok:x:5000:5000:::\n" + line + "\nok2:x:5001:5001:::\n"));
    assertTrue(message.startsWith("line 2 of "), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void aFileOfAHundredMegabytesIsReadInPiecesOrNotAtAll() throws Exception {
    Path zeroes = folder.resolve("zeroes");
    try (RandomAccessFile sparse = new RandomAccessFile(zeroes.toFile(), "rw")) {
      sparse.setLength(100L << 20);
    }
    assertTrue(refusal(zeroes).startsWith("line 1 of "), "one line without an end");
    Path many = folder.resolve("many");
    byte[] line =
        "somebody-or-other:x:70000:70000:Some Body:/home/somebody:/bin/bash\n"
            .getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(many))) {
      for (int i = 0; i < (100 << 20) / line.length; i++) {
        out.write(line);
      }
    }
    assertTrue(refusal(many).contains("compare it in several parts"));
    Path endless = Path.of("/dev/zero");
    assertTrue(refusal(endless).contains("not a regular file"));
  }

  @Test
  void whatIsNoFileIsRefusedAtOnce() throws Exception {
    assertTrue(refusal(folder).contains("not a regular file"));
    assertTrue(refusal(folder.resolve("absent")).contains("/srv"));
    assertTrue(refusal(Path.of("relative")).contains("not an absolute path"));
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTrue(refusal(pipe).contains("not a regular file"));
    assertTrue(refusal(file("\n# nothing\n")).contains("contains no line"));
  }
}
