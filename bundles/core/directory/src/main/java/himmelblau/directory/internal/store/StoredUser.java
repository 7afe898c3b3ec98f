package himmelblau.directory.internal.store;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.directory.internal.ids.AssignedIds;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A user in the store.
 *
 * @param id row, stable over renames
 * @param basis how uid and gid came about, so that a changed configuration is noticed
 * @param refreshed when the directory last spoke of the user; the epoch: ask soon
 */
public record StoredUser(
    long id,
    AccountName name,
    Optional<UUID> objectId,
    Optional<String> tenantId,
    String displayName,
    long uid,
    long gid,
    String basis,
    PosixAttributes posix,
    Instant refreshed) {

  public DirectoryUser toDirectoryUser() {
    return new DirectoryUser(name, objectId, tenantId, displayName, posix);
  }

  public StoredUser with(AssignedIds ids) {
    return new StoredUser(
        id,
        name,
        objectId,
        tenantId,
        displayName,
        ids.uid(),
        ids.gid(),
        ids.basis(),
        posix,
        refreshed);
  }
}
