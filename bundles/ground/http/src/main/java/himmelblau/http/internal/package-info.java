/** An HTTP/1.1 client with the settings of this host. */
@NullMarked
package himmelblau.http.internal;

import org.jspecify.annotations.NullMarked;
