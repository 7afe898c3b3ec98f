package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.token.Resources;
import java.util.Optional;

/**
 * What an application asked the authorize endpoint for.
 *
 * @param tenant the tenant as the path named it
 * @param responseMode {@code query}, {@code fragment} or {@code form_post}
 * @param ngcmfa whether a fresh second factor was asked for by {@code amr_values} or claims
 * @param mfa whether a second factor was asked for by claims
 * @param challenge PKCE S256 challenge
 * @param userCode set when this sign-in answers a device code instead of a redirect
 */
public record AuthorizeRequest(
    String tenant,
    String clientId,
    String redirectUri,
    Resources.Target target,
    boolean v2,
    Optional<String> state,
    String responseMode,
    boolean ngcmfa,
    boolean mfa,
    Optional<String> challenge,
    Optional<String> nonce,
    Optional<String> loginHint,
    String correlationId,
    Optional<String> userCode) {}
