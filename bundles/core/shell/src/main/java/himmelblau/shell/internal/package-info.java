/** Commands that show and steer the running daemon. */
@NullMarked
package himmelblau.shell.internal;

import org.jspecify.annotations.NullMarked;
