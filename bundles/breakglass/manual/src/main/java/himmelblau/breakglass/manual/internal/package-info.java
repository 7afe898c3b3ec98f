/** Breakglass that is activated by hand. */
@NullMarked
package himmelblau.breakglass.manual.internal;

import org.jspecify.annotations.NullMarked;
