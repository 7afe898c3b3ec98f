/** How often one user may ask the directory for unknown names or cause requests to a phone. */
@NullMarked
package himmelblau.login.internal.limits;

import org.jspecify.annotations.NullMarked;
