/**
 * A security key in software for tests: CTAP 2.0 (FIDO Alliance, Client to Authenticator Protocol)
 * over reports of CTAPHID. It keeps its keys in memory only.
 */
@NullMarked
package himmelblau.testing.authenticator;

import org.jspecify.annotations.NullMarked;
