/** One-time code from an authenticator app. */
@NullMarked
package himmelblau.mfa.otp.internal;

import org.jspecify.annotations.NullMarked;
