/** The daemon's unix sockets (docs/protocol/socket.md). */
@NullMarked
package himmelblau.socket.internal;

import org.jspecify.annotations.NullMarked;
