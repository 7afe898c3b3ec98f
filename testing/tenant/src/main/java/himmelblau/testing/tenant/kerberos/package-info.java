/** Kerberos: tickets in the reply with a primary refresh token, and the way to a KDC. */
@NullMarked
package himmelblau.testing.tenant.kerberos;

import org.jspecify.annotations.NullMarked;
