package himmelblau.login.internal.settings;

import java.time.Duration;

/**
 * Options for the steps after a sign-in.
 *
 * @param script whether there is a logon script; the root helper alone knows which
 * @param scriptTimeout how long it may run
 * @param picture {@code fetch_profile_picture}
 */
public record LogonSettings(boolean script, Duration scriptTimeout, boolean picture) {}
