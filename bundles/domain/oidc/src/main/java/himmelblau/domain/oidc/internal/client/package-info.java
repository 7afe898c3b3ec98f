/** How a host proves to an issuer which client it is. */
@NullMarked
package himmelblau.domain.oidc.internal.client;

import org.jspecify.annotations.NullMarked;
