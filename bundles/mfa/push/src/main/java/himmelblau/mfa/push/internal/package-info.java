/** Push to an authenticator app. */
@NullMarked
package himmelblau.mfa.push.internal;

import org.jspecify.annotations.NullMarked;
