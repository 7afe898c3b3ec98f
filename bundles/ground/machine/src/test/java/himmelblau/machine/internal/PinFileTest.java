package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinFileTest {
  @TempDir private Path directory;

  private PinFile file() {
    return new PinFile(directory.resolve("hsm-pin"), List.of(directory));
  }

  private void write(String text, String mode) throws IOException {
    Path path = directory.resolve("hsm-pin");
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private String refusal() {
    return assertThrows(MachineRefused.class, () -> file().read().close()).reason();
  }

  @Test
  void makesItOnceWithItsMode() throws Exception {
    file().create();
    Path path = directory.resolve("hsm-pin");
    String first = Files.readString(path);
    assertTrue(first.matches("[0-9a-f]{48}"), "48 hexadecimal characters");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    file().create();
    assertEquals(first, Files.readString(path));
    try (var entries = Files.list(directory)) {
      assertEquals(1, entries.count(), "nothing else is left behind");
    }
  }

  @Test
  void readsWithoutTheNewline() throws Exception {
    write("0123456789abcdef0123456789\n", "rw-------");
    try (Secret pin = file().read()) {
      assertEquals(26, pin.length());
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertTrue(refusal().contains("is missing"));
    write("", "rw-------");
    assertTrue(refusal().contains("is empty"));
    write("0123456789", "rw-------");
    assertTrue(refusal().contains("is truncated"));
    write("0123456789abcdef0123456789", "rw-r-----");
    assertTrue(refusal().contains("chmod 0600"));
    write("x".repeat(5000), "rw-------");
    assertTrue(refusal().contains("longer than"));
  }

  @Test
  void followsNoLink() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    Files.writeString(elsewhere, "0123456789abcdef0123456789");
    Files.createSymbolicLink(directory.resolve("hsm-pin"), elsewhere);
    assertTrue(refusal().contains("not a regular file"));
    assertThrows(MachineRefused.class, () -> new PinFile(elsewhere, List.of()).read());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc/hsm-pin", "hsm-pin", "/var/lib/himmelblaud/../../../etc/shadow", "/"})
  void staysInItsPlaces(String path) {
    MachineRefused refused =
        assertThrows(
            MachineRefused.class,
            () -> new PinFile(Path.of(path), PinDirectories.ALLOWED).create());
    assertFalse(refused.reason().isBlank());
  }

  @Test
  void readsAndMovesNothingElsewhere() throws Exception {
    write("0123456789abcdef0123456789", "rw-------");
    Path path = directory.resolve("hsm-pin");
    PinFile outside = new PinFile(path, List.of(directory.resolve("place")));
    for (Executable use : List.<Executable>of(outside::read, outside::setAside)) {
      MachineRefused refused = assertThrows(MachineRefused.class, use);
      assertTrue(refused.reason().contains("is not allowed"), refused.reason());
    }
    assertTrue(Files.exists(path));
  }

  @Test
  void movesAsideUnderANameThatNothingHas() throws Exception {
    for (String name : List.of("hsm-pin.unused-1", "hsm-pin.unused-2")) {
      write("0123456789abcdef0123456789", "rw-------");
      assertEquals(directory.resolve(name), file().setAside());
      assertTrue(Files.exists(directory.resolve(name)));
      assertFalse(Files.exists(directory.resolve("hsm-pin")));
    }
  }

  @Test
  void acceptsADirectoryBehindALink() throws Exception {
    Path real = Files.createDirectory(directory.resolve("private"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    PinFile file = new PinFile(link.resolve("hsm-pin"), List.of(real));
    file.create();
    file.read().close();
  }

  @Test
  void authValuesDependOnEveryCharacter() {
    try (Secret generated = Secret.ofText("0".repeat(48));
        Secret other = Secret.ofText("0".repeat(47) + "1");
        Secret chosen = Secret.ofText("a passphrase that somebody chose");
        Secret one = AuthValue.derive(generated);
        Secret same = AuthValue.derive(generated);
        Secret two = AuthValue.derive(other);
        Secret three = AuthValue.derive(chosen);
        Secret four = AuthValue.derive(chosen)) {
      assertEquals(32, one.length());
      assertTrue(one.matches(same));
      assertFalse(one.matches(two));
      assertArrayEquals(three.copyBytes(), four.copyBytes());
    }
  }
}
