/**
 * Sign-in: who may sign in, and by which steps. Here are the OSGi service, the PAM calls and the
 * loop of attempts; their parts are the sub-packages, which do not import this package.
 */
@NullMarked
package himmelblau.login.internal;

import org.jspecify.annotations.NullMarked;
