package himmelblau.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void setUp() {
    path = folder.resolve("socket");
  }

  @Test
  void hasItsModeAndGoesAway() throws Exception {
    try (SocketFile file = SocketFile.listen(path, SocketFile.mode("rw-rw-rw-"))) {
      assertEquals(
          "rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
    }
    assertFalse(Files.exists(path));
    try (SocketFile file = SocketFile.listen(path, SocketFile.mode("rw-------"))) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
    }
  }

  @Test
  void replacesTheSocketOfADeadProcess() throws Exception {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    try (SocketFile file = SocketFile.listen(path, SocketFile.mode("rw-rw-rw-"));
        SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      peer.connect(UnixDomainSocketAddress.of(path));
      file.accept().close();
    }
  }

  @Test
  void leavesTheSocketOfALivingProcess() throws Exception {
    try (SocketFile living = SocketFile.listen(path, SocketFile.mode("rw-rw-rw-"))) {
      IOException refused =
          assertThrows(
              IOException.class, () -> SocketFile.listen(path, SocketFile.mode("rw-rw-rw-")));
      assertTrue(String.valueOf(refused.getMessage()).contains("another himmelblaud"));
      assertTrue(Files.exists(path));
      assertTrue(living.open());
    }
  }

  @Test
  void leavesWhatIsNoSocket() throws Exception {
    Files.writeString(path, "precious");
    assertThrows(IOException.class, () -> SocketFile.listen(path, SocketFile.mode("rw-rw-rw-")));
    assertEquals("precious", Files.readString(path));
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, path);
    assertThrows(IOException.class, () -> SocketFile.listen(link, SocketFile.mode("rw-rw-rw-")));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void saysThatTheDirectoryIsMissing() {
    IOException refused =
        assertThrows(
            IOException.class,
            () -> SocketFile.listen(folder.resolve("none/socket"), SocketFile.mode("rw-rw-rw-")));
    assertTrue(String.valueOf(refused.getMessage()).contains("no directory"));
  }

  @Test
  void leavesTheSocketOfASuccessor() throws Exception {
    SocketFile before = SocketFile.listen(path, SocketFile.mode("rw-rw-rw-"));
    Files.delete(path);
    try (SocketFile after = SocketFile.listen(path, SocketFile.mode("rw-rw-rw-"))) {
      before.close();
      assertTrue(Files.exists(after.path()));
    }
  }
}
