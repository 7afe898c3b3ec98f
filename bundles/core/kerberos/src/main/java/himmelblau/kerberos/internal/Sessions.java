package himmelblau.kerberos.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Who has a session on this host, as systemd-logind says to everybody (sd_uid_get_state(3)).
 * Thread-safe.
 */
final class Sessions {
  /** What is known of a user. */
  enum State {
    /** There is a session. */
    PRESENT,
    /** There is none, or only processes of one that ended. */
    ABSENT,
    /** Nobody keeps account of sessions on this host. */
    UNKNOWN
  }

  private static final int MOST = 64 << 10;

  private final Path users;

  /**
   * @param users {@code /run/systemd/users}
   */
  Sessions(Path users) {
    this.users = users;
  }

  State of(long uid) {
    try (var in = Files.newInputStream(users.resolve(Long.toString(uid)))) {
      String text = new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
      return text.lines()
              .anyMatch(line -> line.equals("STATE=active") || line.equals("STATE=online"))
          ? State.PRESENT
          : State.ABSENT;
    } catch (NoSuchFileException e) {
      return Files.isDirectory(users) ? State.ABSENT : State.UNKNOWN;
    } catch (IOException e) {
      return State.UNKNOWN;
    }
  }
}
