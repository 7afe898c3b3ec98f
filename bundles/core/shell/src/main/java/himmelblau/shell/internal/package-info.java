/** Commands that show and control the running daemon. */
@NullMarked
package himmelblau.shell.internal;

import org.jspecify.annotations.NullMarked;
