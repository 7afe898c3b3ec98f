package himmelblau.directory.internal.ids;

/**
 * Ids of a user or (uid = gid) of a group.
 *
 * @param basis how they came about
 */
public record AssignedIds(long uid, long gid, String basis) {
  /** The basis for users who sign in to a local account. */
  public static final String USER_MAP = "user-map";

  /** Whether they are provisional until the directory has returned the real ids. */
  public boolean provisional() {
    return basis.startsWith("provisional:");
  }
}
