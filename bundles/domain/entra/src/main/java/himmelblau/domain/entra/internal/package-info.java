/** One service for each configured Entra ID domain. */
@NullMarked
package himmelblau.domain.entra.internal;

import org.jspecify.annotations.NullMarked;
