/** The lookup map, write side (docs/protocol/nss-map.md). */
@NullMarked
package himmelblau.nssmap.internal;

import org.jspecify.annotations.NullMarked;
