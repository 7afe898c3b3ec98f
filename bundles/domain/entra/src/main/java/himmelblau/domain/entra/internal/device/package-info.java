/** The host's own identity: join state, device keys, Hello key registration. */
@NullMarked
package himmelblau.domain.entra.internal.device;

import org.jspecify.annotations.NullMarked;
