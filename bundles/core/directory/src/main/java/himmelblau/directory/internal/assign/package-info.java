/**
 * Which user or group gets which ids: assigns and records them, detects collisions, and assigns
 * others after the id rules have changed.
 */
@NullMarked
package himmelblau.directory.internal.assign;

import org.jspecify.annotations.NullMarked;
