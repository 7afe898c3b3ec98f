package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Person;
import himmelblau.api.account.PosixAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A person as kept.
 *
 * @param id row, stable over renames
 * @param basis how uid and gid came about, so that a changed configuration is noticed
 * @param refreshed when the directory last spoke of the person; the epoch: ask soon
 */
record StoredPerson(
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

  Person person() {
    return new Person(name, objectId, tenantId, displayName, posix);
  }

  StoredPerson with(AssignedIds ids) {
    return new StoredPerson(
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
