/** The helper's end of the task socket. */
@NullMarked
package himmelblau.tasks.link.internal;

import org.jspecify.annotations.NullMarked;
