/** Domains whose users an OpenID Connect issuer knows. */
@NullMarked
package himmelblau.domain.oidc.internal;

import org.jspecify.annotations.NullMarked;
