/**
 * The commands of aad-tool that belong to the directory, with their help in the resource {@code
 * commands}.
 */
@NullMarked
package himmelblau.directory.internal.command;

import org.jspecify.annotations.NullMarked;
