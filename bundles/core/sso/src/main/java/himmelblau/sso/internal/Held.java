package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import java.time.Instant;
import java.util.UUID;

/**
 * The renewal of one user, sealed.
 *
 * @param objectId of the user
 * @param name at the sign-in
 * @param signedIn when the user last proved who they are
 * @param renewed when the directory last gave or renewed the renewal
 * @param sealed by the machine key; opened by {@link HeldRenewals} only
 */
record Held(UUID objectId, AccountName name, Instant signedIn, Instant renewed, byte[] sealed) {
  @Override
  public String toString() {
    return "renewal of " + name;
  }
}
