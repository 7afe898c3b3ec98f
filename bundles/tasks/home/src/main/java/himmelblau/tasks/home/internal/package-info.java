/** Home directories. */
@NullMarked
package himmelblau.tasks.home.internal;

import org.jspecify.annotations.NullMarked;
