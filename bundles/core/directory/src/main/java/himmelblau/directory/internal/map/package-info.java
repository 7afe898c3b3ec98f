/** Stores what the directory returned and keeps the lookup map consistent with the store. */
@NullMarked
package himmelblau.directory.internal.map;

import org.jspecify.annotations.NullMarked;
