/** Commands of {@code aad-tool} that change the directory through Microsoft Graph. */
@NullMarked
package himmelblau.domain.graphtools.internal;

import org.jspecify.annotations.NullMarked;
