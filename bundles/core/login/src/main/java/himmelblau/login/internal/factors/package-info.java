/**
 * Which factors a sign-in needs, and the second factor itself: choice of the method and its
 * dialogue.
 */
@NullMarked
package himmelblau.login.internal.factors;

import org.jspecify.annotations.NullMarked;
