package himmelblau.domain.entra.internal.token;

import himmelblau.api.account.AccountName;
import java.util.UUID;

/**
 * The subject of a token: the account that signed in.
 *
 * @param name the account that the token names
 * @param displayName may be empty
 */
public record TokenSubject(UUID objectId, String tenantId, AccountName name, String displayName) {}
