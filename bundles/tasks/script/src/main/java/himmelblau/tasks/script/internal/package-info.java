/** The logon script. */
@NullMarked
package himmelblau.tasks.script.internal;

import org.jspecify.annotations.NullMarked;
