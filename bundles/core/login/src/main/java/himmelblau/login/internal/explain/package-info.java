/** The steps of {@code aad-tool explain} about sign-ins. They only read. */
@NullMarked
package himmelblau.login.internal.explain;

import org.jspecify.annotations.NullMarked;
