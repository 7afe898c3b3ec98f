/** The directory's sign-in pages, as a client without a screen reads them. */
@NullMarked
package himmelblau.domain.entra.internal.page;

import org.jspecify.annotations.NullMarked;
