/** The tables of this bundle and their rows. Knows neither the options nor the host. */
@NullMarked
package himmelblau.directory.internal.store;

import org.jspecify.annotations.NullMarked;
