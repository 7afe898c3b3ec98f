/** Keys, signatures and envelopes of MS-OAPXBC, MS-DVRJ and MS-KPP. */
@NullMarked
package himmelblau.domain.entra.internal.crypto;

import org.jspecify.annotations.NullMarked;
