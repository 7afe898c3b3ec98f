package himmelblau.testing.framework;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** systemd's user database while the bundles behind it come and go. */
class UserDatabaseTest {
  private static final String UNKNOWN =
      "{\"method\":\"io.systemd.UserDatabase.GetUserRecord\","
          + "\"parameters\":{\"uid\":4711,\"service\":\"himmelblau\"}}\0";

  @TempDir Path home;

  @Test
  void saysThatItDoesNotKnowWhileTheDirectoryIsAwayAndGoesWithItsBundle() throws Exception {
    String conf =
        """
        [global]
        domain = example.onmicrosoft.com
        db_path = %1$s/db
        socket_path = %1$s/socket
        task_socket_path = %1$s/task_sock
        broker_socket_path = %1$s/broker_sock
        hsm_pin_path = %1$s/hsm-pin
        """
            .formatted(home);
    Path socket = home.resolve("userdb");
    try (RunningDaemon daemon = RunningDaemon.start(home, conf)) {
      RunningDaemon.await("no such user", () -> says(socket, "NoRecordFound"));
      Bundle directory = daemon.bundle("himmelblau.directory");
      directory.stop();
      assertTrue(says(socket, "ServiceNotAvailable"));
      directory.start();
      RunningDaemon.await("the directory", () -> says(socket, "NoRecordFound"));
      Bundle userdb = daemon.bundle("himmelblau.userdb");
      userdb.stop();
      assertTrue(Files.notExists(socket));
      userdb.start();
      RunningDaemon.await("the user database", () -> says(socket, "NoRecordFound"));
    }
  }

  private static boolean says(Path socket, String error) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(UNKNOWN.getBytes(StandardCharsets.UTF_8)));
      ByteArrayOutputStream reply = new ByteArrayOutputStream();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (channel.read(one.clear()) > 0 && one.get(0) != 0) {
        reply.write(one.get(0));
      }
      return reply
          .toString(StandardCharsets.UTF_8)
          .contains("\"io.systemd.UserDatabase." + error + "\"");
    } catch (IOException notThere) {
      return false;
    }
  }
}
