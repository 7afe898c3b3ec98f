/** Key store in software. */
@NullMarked
package himmelblau.hsm.soft.internal;

import org.jspecify.annotations.NullMarked;
