/** The token endpoint: codes, nonces, primary refresh tokens. */
@NullMarked
package himmelblau.domain.entra.internal.token;

import org.jspecify.annotations.NullMarked;
