/**
 * The last steps before a user is let in: the logon script, and the picture that is fetched
 * afterwards.
 */
@NullMarked
package himmelblau.login.internal.admission;

import org.jspecify.annotations.NullMarked;
