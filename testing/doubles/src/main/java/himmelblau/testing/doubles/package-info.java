/** Stand-ins for services of the API, for the tests of several bundles. Never shipped. */
@NullMarked
package himmelblau.testing.doubles;

import org.jspecify.annotations.NullMarked;
