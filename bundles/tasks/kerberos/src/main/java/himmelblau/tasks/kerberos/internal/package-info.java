/** Kerberos tickets of users. */
@NullMarked
package himmelblau.tasks.kerberos.internal;

import org.jspecify.annotations.NullMarked;
