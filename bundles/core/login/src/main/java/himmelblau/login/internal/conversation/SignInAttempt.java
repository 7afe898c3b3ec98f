package himmelblau.login.internal.conversation;

import himmelblau.api.account.AccountName;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** One PAM call for one account, with all its retries. Used by one thread. */
public final class SignInAttempt implements AutoCloseable {
  /** Refusals in one PAM call; programs such as sshd count calls, not refusals. */
  static final int MOST_REFUSALS = 3;

  private final SignInRequest request;
  private final AccountName name;
  private final StepConversation conversation;
  private final boolean trusted;
  private final PinOrigin origin;
  private final OptionalLong uid;
  private boolean pinGivenUp;
  private boolean pinKept;
  private final TypedAnswers answers = new TypedAnswers();
  private int refusals;
  private String way = "none";
  private final Set<String> impossible = new HashSet<>();

  /**
   * @param trusted whether the peer is root or has the account's own uid: only they may try PINs
   *     and cached passwords, so that no user can use up or guess those of others
   * @param origin the origin that wrong PINs are counted for
   */
  public SignInAttempt(
      SignInRequest request,
      AccountName name,
      StepConversation conversation,
      boolean trusted,
      PinOrigin origin) {
    this(request, name, conversation, trusted, origin, OptionalLong.empty());
  }

  /**
   * @param trusted as above
   * @param origin as above
   * @param uid that lookups returned for the name when the call began, and that the program may
   *     have stored; empty: none
   */
  public SignInAttempt(
      SignInRequest request,
      AccountName name,
      StepConversation conversation,
      boolean trusted,
      PinOrigin origin,
      OptionalLong uid) {
    this.request = request;
    this.name = name;
    this.conversation = conversation;
    this.trusted = trusted;
    this.origin = origin;
    this.uid = uid;
  }

  /** Whether the program can have stored another uid for the name. */
  public boolean begunWithOtherUid(long decided) {
    return uid.isPresent() && uid.getAsLong() != decided;
  }

  public AccountName name() {
    return name;
  }

  /** Real uid of the process that called PAM. */
  public long caller() {
    return request.caller();
  }

  public StepConversation conversation() {
    return conversation;
  }

  public boolean trusted() {
    return trusted;
  }

  public PinOrigin origin() {
    return origin;
  }

  /** What was typed so far. */
  public TypedAnswers answers() {
    return answers;
  }

  /**
   * Counts a refusal after which the user may try again.
   *
   * @param text the reason, which was not shown yet
   * @throws SignInEnded when it was the last one of this call
   */
  public void countRefusal(String text) throws SignInEnded {
    if (++refusals >= MOST_REFUSALS) {
      throw SignInEnded.refused(PamCode.MAXTRIES, text);
    }
  }

  /**
   * A method could not be used here, such as a key that is not plugged in: for a further factor of
   * this call the others come first.
   *
   * @param method id of the method
   */
  public void notPossible(String method) {
    impossible.add(method);
  }

  /** Whether {@link #notPossible} was said of {@code method}. */
  public boolean foundImpossible(String method) {
    return impossible.contains(method);
  }

  /**
   * The attempt goes on in this way from now on.
   *
   * @param next a fixed word, or the id of a method that is present; never what somebody typed
   */
  public void goOnWith(String next) {
    way = next;
  }

  /** The way that was tried last: {@code none} before the first one. */
  public String way() {
    return way;
  }

  public boolean remote() {
    return conversation.context().remote();
  }

  public boolean flag(SignInRequest.Flag flag) {
    return request.flags().contains(flag);
  }

  /** The PIN cannot succeed in this call; later rounds sign in without it. */
  public void giveUpPin() {
    pinGivenUp = true;
  }

  /** The PIN cannot be tried now, but remains valid: later rounds do not use it. */
  public void setPinAside() {
    pinGivenUp = true;
    pinKept = true;
  }

  public boolean pinGivenUp() {
    return pinGivenUp;
  }

  @Override
  public void close() {
    answers.close();
  }

  /** Whether a new PIN has to be set. */
  public boolean pinReplaceable() {
    return pinGivenUp && !pinKept;
  }
}
