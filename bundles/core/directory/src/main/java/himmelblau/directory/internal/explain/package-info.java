/** The steps of {@code aad-tool explain} about names, domains and ids. */
@NullMarked
package himmelblau.directory.internal.explain;

import org.jspecify.annotations.NullMarked;
