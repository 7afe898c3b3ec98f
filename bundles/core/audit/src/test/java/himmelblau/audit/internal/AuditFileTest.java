package himmelblau.audit.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AuditFileTest {
  @TempDir Path folder;
  private Path path;
  private AuditFile file;

  @BeforeEach
  void begin() {
    path = folder.resolve("audit.jsonl");
    file = new AuditFile(path);
  }

  private static int run(String... words) throws Exception {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
  }

  private void mode(Path place, String mode) throws IOException {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(mode));
  }

  @Test
  void appendsAndBeginsANewFileAfterARotation() throws Exception {
    file.append(List.of("a", "b"));
    file.append(List.of("c"));
    assertEquals("a\nb\nc\n", Files.readString(path));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    Path rotated = folder.resolve("audit.jsonl.1");
    Files.move(path, rotated);
    file.append(List.of("d"));
    assertEquals("a\nb\nc\n", Files.readString(rotated));
    assertEquals("d\n", Files.readString(path));
  }

  @Test
  void followsNoLink() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "x");
    mode(other, "rw-------");
    Files.createSymbolicLink(path, other);
    assertThrows(IOException.class, () -> file.append(List.of("a")));
    assertEquals("x", Files.readString(other));
  }

  /** To open a pipe that nobody reads would wait for ever. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void writesToNoPipe() throws Exception {
    assertEquals(0, run("mkfifo", "-m", "600", path.toString()));
    assertThrows(IOException.class, () -> file.append(List.of("a")));
  }

  @Test
  void writesToNothingThatOthersCanReadOrWrite() throws Exception {
    for (String mode : List.of("rw-r--r--", "rw-rw----", "rw------x", "rw-r---w-")) {
      Files.deleteIfExists(path);
      mode(Files.createFile(path), mode);
      IOException refused = assertThrows(IOException.class, () -> file.append(List.of("a")), mode);
      assertTrue(refused.getMessage().contains("0640"), refused.getMessage());
      assertEquals(0, Files.size(path));
    }
    mode(path, "rw-------");
    file.append(List.of("a"));
    mode(folder, "rwxrwxrwx");
    assertThrows(IOException.class, () -> file.append(List.of("b")));
    assertEquals("a\n", Files.readString(path));
  }

  @Test
  void writesToNoFileOfAnotherUser() throws Exception {
    mode(Files.createFile(path), "rw-------");
    assumeTrue(run("chown", "4242", path.toString()) == 0, "needs root");
    IOException refused = assertThrows(IOException.class, () -> file.append(List.of("a")));
    assertTrue(refused.getMessage().contains("another user"), refused.getMessage());
  }

  /** A file system that is really full: a small tmpfs, which needs root. */
  @Test
  void aFullDiskCostsRecordsAndSaysSo() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", folder.toString()) == 0,
        "needs the right to mount");
    try {
      Path junk = Files.write(folder.resolve("junk"), new byte[50 << 10]);
      AuditTrail trail = new AuditTrail(file, () -> "host1");
      String event = "2026-01-31T10:00:00Z info himmelblau.login login.ok audit=sign_in/success x=";
      trail.add(event + "before");
      until(() -> Files.exists(path) && Files.size(path) > 0);
      for (int i = 0; i < 20; i++) {
        trail.add(event + "y".repeat(2000));
      }
      until(() -> trail.trouble().isPresent());
      long before = Files.size(path);
      assertThrows(IOException.class, () -> file.append(List.of("z".repeat(1 << 20))));
      assertEquals(before, Files.size(path), "what fitted in was taken back");
      assertTrue(trail.trouble().orElseThrow().contains(path.toString()));
      Files.delete(junk);
      trail.add(event + "after");
      until(() -> trail.trouble().isEmpty());
      trail.close(Duration.ofSeconds(10));
      List<String> lines = Files.readAllLines(path);
      assertTrue(lines.getFirst().contains("\"x\":\"before\""), lines.toString());
      assertTrue(lines.getLast().contains("\"x\":\"after\""), lines.toString());
      assertTrue(
          lines.stream().allMatch(line -> line.matches("\\{[^{}]+\\{[^{}]+}}")), "no half line");
    } finally {
      assertEquals(0, run("umount", folder.toString()));
    }
  }

  @Test
  void withoutAFileNothingRuns() {
    AuditComponent component = new AuditComponent(new Named(""));
    component.accept("2026-01-31T10:00:00Z info himmelblau.login login.ok audit=sign_in/success");
    assertEquals(List.of(), component.troubles());
    component.modified(new Named("audit.jsonl"));
    assertTrue(component.troubles().getFirst().contains("absolute"));
    component.deactivate();
  }

  @Test
  void theFileMayChangeWhileItRuns() throws Exception {
    AuditComponent component = new AuditComponent(new Named(path.toString()));
    String event = "2026-01-31T10:00:00Z info himmelblau.login login.ok audit=sign_in/success x=";
    component.accept(event + "1");
    Path next = folder.resolve("next.jsonl");
    component.modified(new Named(next.toString()));
    component.accept(event + "2");
    component.modified(new Named(next.toString()));
    component.deactivate();
    assertTrue(Files.readString(path).contains("\"x\":\"1\""));
    assertTrue(Files.readString(next).contains("\"x\":\"2\""));
    assertFalse(Files.readString(next).contains("\"x\":\"1\""));
  }

  private record Named(String audit_file) implements AuditComponent.Config {
    @Override
    public Class<AuditComponent.Config> annotationType() {
      return AuditComponent.Config.class;
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void until(Condition condition) throws Exception {
    Optional<Boolean> held = Optional.empty();
    for (int i = 0; i < 400 && held.isEmpty(); i++) {
      held = condition.holds() ? Optional.of(true) : Optional.empty();
      Thread.sleep(25);
    }
    assertTrue(held.isPresent());
  }
}
