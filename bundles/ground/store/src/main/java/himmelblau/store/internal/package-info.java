/** The store on SQLite. */
@NullMarked
package himmelblau.store.internal;

import org.jspecify.annotations.NullMarked;
