/** Which name means which account, and under which name a user or group is shown. */
@NullMarked
package himmelblau.directory.internal.names;

import org.jspecify.annotations.NullMarked;
