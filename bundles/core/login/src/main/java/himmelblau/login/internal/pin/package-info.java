/**
 * Hello PINs: set up, sign in, change and unseal, also the local one-time code, and whose wrong
 * attempts count together.
 */
@NullMarked
package himmelblau.login.internal.pin;

import org.jspecify.annotations.NullMarked;
