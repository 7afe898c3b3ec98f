/** An HTTP/1.1 client that keeps the host's rules. */
@NullMarked
package himmelblau.http.internal;

import org.jspecify.annotations.NullMarked;
