/** Breakglass that an administrator activates. */
@NullMarked
package himmelblau.breakglass.manual.internal;

import org.jspecify.annotations.NullMarked;
