/**
 * Commands of {@code aad-tool} for the credentials with which this host reads the directory. They
 * are there whatever domains are configured, since credentials are stored before a domain needs
 * them.
 */
@NullMarked
package himmelblau.domain.entra.internal.command;

import org.jspecify.annotations.NullMarked;
