/** The command {@code aad-tool explain}: collects the steps and gives the verdict. */
@NullMarked
package himmelblau.explain.internal;

import org.jspecify.annotations.NullMarked;
