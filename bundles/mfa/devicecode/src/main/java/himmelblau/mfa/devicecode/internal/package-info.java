/** Device code, entered in a browser on another device. */
@NullMarked
package himmelblau.mfa.devicecode.internal;

import org.jspecify.annotations.NullMarked;
