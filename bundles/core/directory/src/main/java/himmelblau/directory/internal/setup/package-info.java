/**
 * The snapshot of options, domains, accounts of the host and names that is in effect, and users and
 * groups as it shows them.
 */
@NullMarked
package himmelblau.directory.internal.setup;

import org.jspecify.annotations.NullMarked;
