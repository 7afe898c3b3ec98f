/**
 * What this host has of its own: its accounts and groups, the user map, and the names that its
 * access rules mention.
 */
@NullMarked
package himmelblau.directory.internal.host;

import org.jspecify.annotations.NullMarked;
