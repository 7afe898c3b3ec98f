/** himmelblau.conf: files, syntax, options, publication. */
@NullMarked
package himmelblau.config.internal;

import org.jspecify.annotations.NullMarked;
