/** A sign-in: the device code, what the ID token says of the user, what renews the session. */
@NullMarked
package himmelblau.domain.oidc.internal.signin;

import org.jspecify.annotations.NullMarked;
