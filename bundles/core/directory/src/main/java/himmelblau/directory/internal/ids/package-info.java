/**
 * Ids as numbers: ranges, hashes and ids reserved for the host. Knows neither the options nor the
 * store.
 */
@NullMarked
package himmelblau.directory.internal.ids;

import org.jspecify.annotations.NullMarked;
