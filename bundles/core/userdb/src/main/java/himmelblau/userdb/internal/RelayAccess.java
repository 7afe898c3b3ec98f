package himmelblau.userdb.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * Restricts access to the daemon's socket to root, the daemon's user and the group of the relay,
 * which runs as its own user. Enforced by the kernel.
 */
final class RelayAccess {
  /** The group of {@code himmelblau-userdb.service}; our unit makes us a member. */
  static final String GROUP = "himmelblau-userdb";

  private static final Log LOG = Log.of(RelayAccess.class);

  private RelayAccess() {}

  /**
   * Gives the socket to {@code group}. Where that does not exist (a host without the relay) or we
   * are not a member of it, the socket stays ours alone.
   *
   * @throws IOException if not even that can be set
   */
  static void restrict(Path socket, String group) throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    try {
      GroupPrincipal relay =
          socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      Files.getFileAttributeView(socket, PosixFileAttributeView.class).setGroup(relay);
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    } catch (UserPrincipalNotFoundException e) {
      LOG.debug("userdb.no_relay_group", "group", group);
    } catch (IOException e) {
      LOG.warn(
          "userdb.relay_group_refused",
          "group",
          group,
          "reason",
          e.getMessage(),
          "effect",
          "only a relay that runs as the same user is served");
    }
  }
}
