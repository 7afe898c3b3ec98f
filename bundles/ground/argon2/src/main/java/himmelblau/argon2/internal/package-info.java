/** What monitoring learns about derivations. */
@NullMarked
package himmelblau.argon2.internal;

import org.jspecify.annotations.NullMarked;
