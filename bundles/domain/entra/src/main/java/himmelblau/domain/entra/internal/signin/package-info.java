/** The interactive sign-in: pages and challenges. */
@NullMarked
package himmelblau.domain.entra.internal.signin;

import org.jspecify.annotations.NullMarked;
