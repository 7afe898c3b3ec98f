/**
 * The services and settings that all steps of a sign-in share, and the plug-ins, which may be added
 * and removed during a sign-in.
 */
@NullMarked
package himmelblau.login.internal.environment;

import org.jspecify.annotations.NullMarked;
