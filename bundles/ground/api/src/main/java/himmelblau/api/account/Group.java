package himmelblau.api.account;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * A group object of a directory. Found by gid and object id only: display names are not unique and
 * never authorise.
 *
 * @param objectId the immutable id
 * @param displayName for display only; empty if the directory has none
 * @param gidNumber RFC 2307 attribute, unchecked
 */
public record Group(UUID objectId, String displayName, OptionalLong gidNumber) {}
