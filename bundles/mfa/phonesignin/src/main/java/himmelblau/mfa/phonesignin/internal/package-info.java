/** Passwordless sign-in with an authenticator app. */
@NullMarked
package himmelblau.mfa.phonesignin.internal;

import org.jspecify.annotations.NullMarked;
