/** The options of {@code [global]} and of the domains, and which of the domains may assign ids. */
@NullMarked
package himmelblau.directory.internal.options;

import org.jspecify.annotations.NullMarked;
