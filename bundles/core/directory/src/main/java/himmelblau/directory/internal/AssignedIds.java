package himmelblau.directory.internal;

/**
 * Ids of a user or (uid = gid) of a group.
 *
 * @param basis how they came about
 */
record AssignedIds(long uid, long gid, String basis) {
  /** The basis of those who sign in to a local account. */
  static final String USER_MAP = "user-map";

  /** Whether they stand in for ids that the directory has not told yet. */
  boolean provisional() {
    return basis.startsWith("provisional:");
  }
}
