/** Temporary Access Pass. */
@NullMarked
package himmelblau.mfa.tap.internal;

import org.jspecify.annotations.NullMarked;
