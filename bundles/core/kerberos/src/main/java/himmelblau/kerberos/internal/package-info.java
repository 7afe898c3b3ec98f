/** Kerberos tickets of signed-in users. */
@NullMarked
package himmelblau.kerberos.internal;

import org.jspecify.annotations.NullMarked;
