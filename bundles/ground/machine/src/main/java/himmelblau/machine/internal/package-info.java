/** Opens the key store that {@code hsm_type} names and serves it. */
@NullMarked
package himmelblau.machine.internal;

import org.jspecify.annotations.NullMarked;
