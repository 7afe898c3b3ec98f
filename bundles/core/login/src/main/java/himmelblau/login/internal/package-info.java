/** Sign-in: who may sign in, and by which steps. */
@NullMarked
package himmelblau.login.internal;

import org.jspecify.annotations.NullMarked;
