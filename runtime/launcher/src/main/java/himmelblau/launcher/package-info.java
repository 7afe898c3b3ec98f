/** Starts the framework with the bundles of one process, and ends it cleanly. */
@NullMarked
package himmelblau.launcher;

import org.jspecify.annotations.NullMarked;
