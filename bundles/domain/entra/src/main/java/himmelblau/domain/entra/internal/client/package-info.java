/** The confidential client: signs in as itself, so that lookups work with nobody signed in. */
@NullMarked
package himmelblau.domain.entra.internal.client;

import org.jspecify.annotations.NullMarked;
