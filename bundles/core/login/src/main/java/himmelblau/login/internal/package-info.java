/** Who may enter, by which steps. */
@NullMarked
package himmelblau.login.internal;

import org.jspecify.annotations.NullMarked;
