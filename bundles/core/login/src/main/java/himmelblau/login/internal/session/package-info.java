/**
 * The session phase: home, local groups and subordinate ids by the root helper, and the periodic
 * check of local groups.
 */
@NullMarked
package himmelblau.login.internal.session;

import org.jspecify.annotations.NullMarked;
