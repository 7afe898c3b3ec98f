package himmelblau.api.domain;

import himmelblau.api.mfa.FactorOffer;
import java.util.List;
import java.util.Optional;

/** What a sign-in in progress needs next. */
public sealed interface Step {
  /**
   * The password.
   *
   * @param text a line to show instead of the configured one
   * @param prompt a prompt to show instead of the default
   */
  record NeedPassword(Optional<String> text, Optional<String> prompt) implements Step {
    public static final NeedPassword PLAIN = new NeedPassword(Optional.empty(), Optional.empty());
  }

  /**
   * A factor other than the password: as the first (passwordless) or the second one.
   *
   * @param offers in the directory's order, the account's default first; never empty
   * @param passwordPossible whether {@link SignIn#password} is accepted instead
   */
  record NeedFactor(List<FactorOffer> offers, boolean passwordPossible) implements Step {
    public NeedFactor {
      offers = List.copyOf(offers);
      if (offers.isEmpty()) {
        throw new IllegalArgumentException("A factor is needed but none is offered");
      }
    }
  }

  /** The password has expired or is an initial one: {@link SignIn#changePassword}. */
  record NeedNewPassword() implements Step {}

  /**
   * Signed in; the session belongs to the caller, who closes it. That the directory asked for a
   * factor does not prove that it was verified; that is {@link Session#multiFactor()}.
   */
  record Complete(Session session) implements Step {}
}
