/** Local groups. */
@NullMarked
package himmelblau.tasks.groups.internal;

import org.jspecify.annotations.NullMarked;
