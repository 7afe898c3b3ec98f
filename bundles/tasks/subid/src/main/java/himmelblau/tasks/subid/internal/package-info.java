/** Subordinate ids. */
@NullMarked
package himmelblau.tasks.subid.internal;

import org.jspecify.annotations.NullMarked;
