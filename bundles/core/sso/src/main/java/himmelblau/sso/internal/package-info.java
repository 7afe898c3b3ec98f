/** The session broker's calls, answered from the renewals of who signed in since the boot. */
@NullMarked
package himmelblau.sso.internal;

import org.jspecify.annotations.NullMarked;
