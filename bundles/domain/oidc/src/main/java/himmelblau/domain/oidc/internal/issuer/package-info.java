/** What is exchanged with an issuer: discovery, keys, device authorization, tokens. */
@NullMarked
package himmelblau.domain.oidc.internal.issuer;

import org.jspecify.annotations.NullMarked;
