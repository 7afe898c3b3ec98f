/**
 * The confidential client: authenticates as an application, so that lookups work without a
 * signed-in user.
 */
@NullMarked
package himmelblau.domain.entra.internal.client;

import org.jspecify.annotations.NullMarked;
