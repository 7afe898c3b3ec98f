package himmelblau.api.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import java.util.Optional;

/**
 * Who is asked about, and where they would sign in.
 *
 * @param typed the name as the administrator typed it
 * @param name the account that it means here; empty if it cannot be an account of the directory
 * @param service the PAM service
 * @param otherHost whether the user comes from another host, whatever the PAM service
 * @param domain who serves the domain of {@code name} now
 * @param reachable whether {@code domain} answered just now; false without one
 */
public record ExplainRequest(
    String typed,
    Optional<AccountName> name,
    String service,
    boolean otherHost,
    Optional<DomainProvider> domain,
    boolean reachable) {}
