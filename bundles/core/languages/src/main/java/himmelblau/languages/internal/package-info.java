/** Translations of the texts that users read at a prompt. */
@NullMarked
package himmelblau.languages.internal;

import org.jspecify.annotations.NullMarked;
