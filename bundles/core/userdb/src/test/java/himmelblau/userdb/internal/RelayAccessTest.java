package himmelblau.userdb.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayAccessTest {
  @TempDir Path directory;

  private Path socket;

  @BeforeEach
  void someFile() throws IOException {
    socket = Files.createFile(directory.resolve("userdb"));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void givesTheSocketToTheGroupOfTheRelayOnly() throws IOException {
    String ours = Files.readAttributes(socket, PosixFileAttributes.class).group().getName();
    RelayAccess.restrict(socket, ours);
    PosixFileAttributes now = Files.readAttributes(socket, PosixFileAttributes.class);
    assertEquals("rw-rw----", PosixFilePermissions.toString(now.permissions()));
    assertEquals(ours, now.group().getName());
  }

  @Test
  void keepsItOursAloneWhereThereIsNoSuchGroup() throws IOException {
    RelayAccess.restrict(socket, "no-such-group-here");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
  }
}
