package himmelblau.directory.internal;

/**
 * Ids of a person or (uid = gid) of a group.
 *
 * @param basis how they came about
 */
record AssignedIds(long uid, long gid, String basis) {}
