/** Reads which names the rules of this host mention. */
@NullMarked
package himmelblau.tasks.rulenames.internal;

import org.jspecify.annotations.NullMarked;
