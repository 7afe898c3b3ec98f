/**
 * File work for the root helper. Everything goes through descriptors of directories (openat(2)),
 * one path component at a time, and never through a symbolic link that another user could have
 * made.
 */
@NullMarked
@Export
@Version("2.1.0")
package himmelblau.tasks.files;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
