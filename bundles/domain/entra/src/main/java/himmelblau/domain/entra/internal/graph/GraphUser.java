package himmelblau.domain.entra.internal.graph;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.domain.AccountStatus;

/**
 * A user as Graph shows them to the application.
 *
 * @param status by {@code accountEnabled}; an application may not be allowed to read that
 */
public record GraphUser(DirectoryUser user, AccountStatus status) {}
