/**
 * Answers lookups from the store, asks the domains about names that are not known, and refreshes
 * known users.
 */
@NullMarked
package himmelblau.directory.internal.lookup;

import org.jspecify.annotations.NullMarked;
