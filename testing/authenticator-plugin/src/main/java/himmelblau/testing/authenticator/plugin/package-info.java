/** Plugs security keys in software into the daemon of a test host. */
@NullMarked
package himmelblau.testing.authenticator.plugin;

import org.jspecify.annotations.NullMarked;
