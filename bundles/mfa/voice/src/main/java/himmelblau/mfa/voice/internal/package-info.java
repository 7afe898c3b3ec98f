/** Phone call. */
@NullMarked
package himmelblau.mfa.voice.internal;

import org.jspecify.annotations.NullMarked;
