/** Readiness of the daemon. */
@NullMarked
package himmelblau.notify.internal;

import org.jspecify.annotations.NullMarked;
