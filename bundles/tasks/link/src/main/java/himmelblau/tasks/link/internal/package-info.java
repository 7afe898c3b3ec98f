/** The root helper's side of the task socket. */
@NullMarked
package himmelblau.tasks.link.internal;

import org.jspecify.annotations.NullMarked;
