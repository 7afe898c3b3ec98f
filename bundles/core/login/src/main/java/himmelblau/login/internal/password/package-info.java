/**
 * The sign-in with a password: online with all further steps that the directory asks for, and
 * offline against the stored verifier.
 */
@NullMarked
package himmelblau.login.internal.password;

import org.jspecify.annotations.NullMarked;
