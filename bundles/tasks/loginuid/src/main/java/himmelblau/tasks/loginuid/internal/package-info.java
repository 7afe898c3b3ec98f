/** The login uid of a process. */
@NullMarked
package himmelblau.tasks.loginuid.internal;

import org.jspecify.annotations.NullMarked;
