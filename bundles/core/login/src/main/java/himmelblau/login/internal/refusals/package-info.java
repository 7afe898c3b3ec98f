/** The last refusals of each user, in memory, for {@code aad-tool explain}. */
@NullMarked
package himmelblau.login.internal.refusals;

import org.jspecify.annotations.NullMarked;
