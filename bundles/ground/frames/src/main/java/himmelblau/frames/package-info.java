/**
 * What the sockets of himmelblaud need: their frames, as docs/protocol/socket.md specifies them,
 * the credentials and the process of the peer, and the file by which clients find a listening
 * socket. No policy.
 */
@NullMarked
@Export
@Version("1.5.0")
package himmelblau.frames;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
