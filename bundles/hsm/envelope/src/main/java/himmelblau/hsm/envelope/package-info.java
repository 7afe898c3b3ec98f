/** How keys and values are wrapped at rest; copied into each key store's bundle. */
@NullMarked
package himmelblau.hsm.envelope;

import org.jspecify.annotations.NullMarked;
