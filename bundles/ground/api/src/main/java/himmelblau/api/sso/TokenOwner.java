package himmelblau.api.sso;

import himmelblau.api.account.AccountName;
import java.util.UUID;

/**
 * Whose tokens a renewal gives.
 *
 * @param objectId the immutable id in the directory
 * @param tenantId the id of the tenant, lower case
 * @param name the user principal name at the sign-in
 * @param displayName for display only; may be empty
 */
public record TokenOwner(UUID objectId, String tenantId, AccountName name, String displayName) {}
