/**
 * What this host stores so that it can decide without the directory: verifiers of passwords and the
 * limit on guesses, disabled accounts, and the latest time that the clock has shown.
 */
@NullMarked
package himmelblau.login.internal.offline;

import org.jspecify.annotations.NullMarked;
