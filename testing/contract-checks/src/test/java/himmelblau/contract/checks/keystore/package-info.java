/** Key stores that break one demand of the kit each. */
@NullMarked
package himmelblau.contract.checks.keystore;

import org.jspecify.annotations.NullMarked;
