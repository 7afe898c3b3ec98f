/** Pictures at the greeter. */
@NullMarked
package himmelblau.tasks.picture.internal;

import org.jspecify.annotations.NullMarked;
