/** Plug-ins that break one demand of a contract kit each. */
@NullMarked
package himmelblau.contract.checks;

import org.jspecify.annotations.NullMarked;
