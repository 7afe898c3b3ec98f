package himmelblau.api.domain;

import java.util.Set;

/**
 * What the host asks of a sign-in.
 *
 * @param forceMfa demand a fresh second factor even if the directory would not
 * @param remote tell the directory's rules that the user is not at the console
 * @param methods ids of the {@link himmelblau.api.mfa.MfaMethod}s that are present now: a provider
 *     offers no other. May be empty
 * @param passwordless whether first factors other than a password are wanted at all
 */
public record SignInPolicy(
    boolean forceMfa, boolean remote, Set<String> methods, boolean passwordless) {
  public SignInPolicy {
    methods = Set.copyOf(methods);
  }
}
