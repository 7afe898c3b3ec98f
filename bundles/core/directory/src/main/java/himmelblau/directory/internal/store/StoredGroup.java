package himmelblau.directory.internal.store;

import himmelblau.api.account.Group;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A group in the store.
 *
 * @param basis how the gid came about
 * @param domain whose range it is in
 */
public record StoredGroup(
    UUID objectId,
    String displayName,
    long gid,
    String basis,
    OptionalLong gidNumber,
    String domain) {

  public Group group() {
    return new Group(objectId, displayName, gidNumber);
  }
}
