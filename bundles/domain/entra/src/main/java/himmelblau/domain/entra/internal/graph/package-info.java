/** Microsoft Graph: who somebody is and which groups they are in. */
@NullMarked
package himmelblau.domain.entra.internal.graph;

import org.jspecify.annotations.NullMarked;
