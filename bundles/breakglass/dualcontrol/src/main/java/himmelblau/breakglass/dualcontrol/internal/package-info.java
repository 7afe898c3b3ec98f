/** Breakglass that two administrators activate together. */
@NullMarked
package himmelblau.breakglass.dualcontrol.internal;

import org.jspecify.annotations.NullMarked;
