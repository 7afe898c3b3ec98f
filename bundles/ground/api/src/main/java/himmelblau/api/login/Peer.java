package himmelblau.api.login;

/**
 * The process at the other end of a socket, according to the kernel (SO_PEERCRED, unix(7)).
 *
 * @param uid unsigned 32-bit user id
 * @param gid unsigned 32-bit group id
 * @param pid process id at the time of connecting; for logs, never for decisions: it may be that of
 *     another process by now, unless the process is held (pidfd_open(2))
 */
public record Peer(long uid, long gid, int pid) {
  public boolean root() {
    return uid == 0;
  }
}
