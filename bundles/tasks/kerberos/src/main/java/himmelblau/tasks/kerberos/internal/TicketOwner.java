package himmelblau.tasks.kerberos.internal;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.tasks.files.AccountFiles;
import himmelblau.tasks.files.FileRefused;
import java.io.IOException;

/**
 * In whose credential cache something is done.
 *
 * @param uid of no local account
 */
record TicketOwner(long uid, long gid) {
  private static final long FIRST = 1000; // below are the system's own
  private static final long NOBODY = 65534;
  private static final long LARGEST = 0xffff_fffeL;

  /**
   * The owner that a request names.
   *
   * @throws FileRefused if that is root, another account of the system, or one of this host alone
   */
  static TicketOwner of(TaskRequest request, AccountFiles files) throws IOException {
    TicketOwner owner = new TicketOwner(request.number("uid"), request.number("gid"));
    if (!usable(owner.uid) || !usable(owner.gid)) {
      throw new FileRefused(owner.uid + ":" + owner.gid + " is reserved");
    }
    String uid = Long.toString(owner.uid);
    for (String line : files.lines("passwd")) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && fields[2].equals(uid)) {
        throw new FileRefused(uid + " is a local account");
      }
    }
    return owner;
  }

  private static boolean usable(long id) {
    return id >= FIRST && id != NOBODY && id < LARGEST;
  }
}
