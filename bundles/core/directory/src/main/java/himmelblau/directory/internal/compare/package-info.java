/**
 * {@code idmap check}: the ids of this host compared with each other, with the whole directory, and
 * with those of another machine.
 */
@NullMarked
package himmelblau.directory.internal.compare;

import org.jspecify.annotations.NullMarked;
