/** Audit events of the log as JSON lines in a file. */
@NullMarked
package himmelblau.audit.internal;

import org.jspecify.annotations.NullMarked;
