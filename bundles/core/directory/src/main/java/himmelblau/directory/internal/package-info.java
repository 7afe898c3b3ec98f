/** Users and groups of this host: names mapped, ids assigned, answers cached. */
@NullMarked
package himmelblau.directory.internal;

import org.jspecify.annotations.NullMarked;
