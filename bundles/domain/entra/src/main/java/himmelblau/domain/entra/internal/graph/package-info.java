/** Microsoft Graph: users and their groups. */
@NullMarked
package himmelblau.domain.entra.internal.graph;

import org.jspecify.annotations.NullMarked;
