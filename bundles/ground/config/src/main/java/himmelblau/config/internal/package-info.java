/** himmelblau.conf: files, dialect, options, publishing. */
@NullMarked
package himmelblau.config.internal;

import org.jspecify.annotations.NullMarked;
