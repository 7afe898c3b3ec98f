package himmelblau.api.domain;

import java.util.Set;

/**
 * The requirements of the host for a sign-in.
 *
 * @param forceMfa demand a fresh second factor even if the directory would not
 * @param remote the user is not at the console; for the rules of the directory
 * @param methods ids of the {@link himmelblau.api.mfa.MfaMethod}s that are present now: a provider
 *     must not offer others. May be empty
 * @param passwordless whether first factors other than a password may be offered at all
 */
public record SignInPolicy(
    boolean forceMfa, boolean remote, Set<String> methods, boolean passwordless) {
  public SignInPolicy {
    methods = Set.copyOf(methods);
  }
}
