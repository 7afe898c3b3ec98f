package himmelblau.api.domain;

import java.util.Set;

/**
 * The requirements of the host for a sign-in.
 *
 * @param forceMfa demand a fresh second factor even if the directory would not
 * @param browser what a browser on another device may be used for
 * @param methods ids of the {@link himmelblau.api.mfa.MfaMethod}s that are present now: a provider
 *     must not offer others. May be empty
 * @param passwordless whether first factors other than a password may be offered at all
 */
public record SignInPolicy(
    boolean forceMfa, OtherBrowser browser, Set<String> methods, boolean passwordless) {
  /** What a browser on another device may be used for, if a method for it is present. */
  public enum OtherBrowser {
    /** Whatever the dialogue at this host cannot do, also to set up a missing second factor. */
    WHERE_NEEDED,
    /**
     * The same, but not to set up a missing second factor: such a sign-in is refused with {@link
     * SignInRefused.Reason#FACTOR_MISSING}.
     */
    NOT_FOR_SETUP,
    /** The whole sign-in; a provider without such a method begins as usual. */
    FIRST
  }

  public SignInPolicy {
    methods = Set.copyOf(methods);
  }
}
