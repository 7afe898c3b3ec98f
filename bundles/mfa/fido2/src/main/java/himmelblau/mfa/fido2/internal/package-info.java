/** Security keys and passkeys, through libfido2. */
@NullMarked
package himmelblau.mfa.fido2.internal;

import org.jspecify.annotations.NullMarked;
