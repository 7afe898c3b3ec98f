/** One-time code by text message. */
@NullMarked
package himmelblau.mfa.sms.internal;

import org.jspecify.annotations.NullMarked;
