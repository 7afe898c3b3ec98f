package himmelblau.api.account;

import java.util.Optional;
import java.util.UUID;

/**
 * A user object of a directory.
 *
 * @param name the current user principal name; may change over time
 * @param objectId the immutable id: the only thing that identifies and authorises. Empty when the
 *     directory only confirmed that the account exists (before its first sign-in)
 * @param tenantId the tenant or issuer the object belongs to; empty under the same condition
 * @param displayName for display only; never authorises; may be empty
 * @param posix directory attributes, unchecked
 */
public record DirectoryUser(
    AccountName name,
    Optional<UUID> objectId,
    Optional<String> tenantId,
    String displayName,
    PosixAttributes posix) {

  /** A user of whom only the name is known: the directory has confirmed that the account exists. */
  public static DirectoryUser provisional(AccountName name) {
    return new DirectoryUser(name, Optional.empty(), Optional.empty(), "", PosixAttributes.NONE);
  }
}
