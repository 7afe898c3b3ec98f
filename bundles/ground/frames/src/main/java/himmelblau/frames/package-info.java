/** Frames of the sockets, as docs/protocol/socket.md specifies them; no policy, no sockets. */
@NullMarked
@Export
@Version("1.2.0")
package himmelblau.frames;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
