/** io.systemd.UserDatabase over Varlink (docs/protocol/userdb.md). */
@NullMarked
package himmelblau.userdb.internal;

import org.jspecify.annotations.NullMarked;
