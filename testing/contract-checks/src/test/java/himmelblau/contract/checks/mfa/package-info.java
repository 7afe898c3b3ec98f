/** Sign-in methods that break one demand of the kit each. */
@NullMarked
package himmelblau.contract.checks.mfa;

import org.jspecify.annotations.NullMarked;
