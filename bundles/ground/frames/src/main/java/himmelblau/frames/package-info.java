/**
 * What both ends of a himmelblaud socket need: its frames, as docs/protocol/socket.md specifies
 * them, and the credentials of the peer. No policy; opens no sockets.
 */
@NullMarked
@Export
@Version("1.3.0")
package himmelblau.frames;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
