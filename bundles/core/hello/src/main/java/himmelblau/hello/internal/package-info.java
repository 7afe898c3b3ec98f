/** Stores Hello keys. */
@NullMarked
package himmelblau.hello.internal;

import org.jspecify.annotations.NullMarked;
