package himmelblau.mfa.fido2.internal;

import java.time.Duration;

/**
 * The options of the administrator.
 *
 * @param patience {@code fido_timeout}: for a key to be inserted, and for each touch
 * @param insert {@code fido_prompt}
 * @param touch {@code fido_presence_prompt}
 */
record KeyPrompts(Duration patience, String insert, String touch) {}
