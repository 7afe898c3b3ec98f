package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.login.SignInRequest;
import java.util.OptionalLong;

/** One call of the shim for one account, from its first round to its end. Used by one thread. */
final class Attempt {
  private final SignInRequest request;
  private final AccountName name;
  private final Dialogue dialogue;
  private final boolean trusted;
  private final OptionalLong uid;
  private boolean pinGivenUp;
  private boolean pinKept;

  /**
   * @param trusted whether the peer is root or has the account's own uid: only they may try PINs
   *     and cached passwords, so that nobody burns or guesses those of others
   */
  Attempt(SignInRequest request, AccountName name, Dialogue dialogue, boolean trusted) {
    this(request, name, dialogue, trusted, OptionalLong.empty());
  }

  /**
   * @param trusted as above
   * @param uid that look-ups showed for the name when the call began, and that the program may have
   *     kept; empty: none
   */
  Attempt(
      SignInRequest request,
      AccountName name,
      Dialogue dialogue,
      boolean trusted,
      OptionalLong uid) {
    this.request = request;
    this.name = name;
    this.dialogue = dialogue;
    this.trusted = trusted;
    this.uid = uid;
  }

  /** Whether the program that asked can have kept another uid for the name. */
  boolean begunWithOtherUid(long decided) {
    return uid.isPresent() && uid.getAsLong() != decided;
  }

  AccountName name() {
    return name;
  }

  Dialogue dialogue() {
    return dialogue;
  }

  boolean trusted() {
    return trusted;
  }

  boolean remote() {
    return dialogue.door().remote();
  }

  boolean flag(SignInRequest.Flag flag) {
    return request.flags().contains(flag);
  }

  /** The PIN does not lead anywhere in this call; later rounds sign in without it. */
  void giveUpPin() {
    pinGivenUp = true;
  }

  /** The PIN cannot be tried now, but is as good as ever: later rounds leave it alone. */
  void setPinAside() {
    pinGivenUp = true;
    pinKept = true;
  }

  boolean pinGivenUp() {
    return pinGivenUp;
  }

  /** Whether a new PIN is the way on. */
  boolean pinReplaceable() {
    return pinGivenUp && !pinKept;
  }
}
