/** Commands of {@code aad-tool}. */
@NullMarked
package himmelblau.domain.oidc.internal.command;

import org.jspecify.annotations.NullMarked;
