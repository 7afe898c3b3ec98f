package himmelblau.contract.checks;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import java.util.List;

/** Password, then one push message. */
final class MemorySignIn implements SignIn {
  static final String METHOD = "Push";
  private static final FactorOffer OFFER =
      new FactorOffer(METHOD, FactorOffer.Role.SECOND, "", true);

  private final MemoryDomain domain;
  private final MemoryDirectory directory;
  private final AccountName name;
  private final SignInPolicy policy;
  private Step step = Step.NeedPassword.PLAIN;
  private boolean closed;

  MemorySignIn(
      MemoryDomain domain, MemoryDirectory directory, AccountName name, SignInPolicy policy) {
    this.domain = domain;
    this.directory = directory;
    this.name = name;
    this.policy = policy;
  }

  @Override
  public Step step() {
    return step;
  }

  @Override
  public Step password(Secret password) throws DomainUnavailable, SignInRefused {
    require(step instanceof Step.NeedPassword || directory.has(Defect.TAKES_PASSWORD_AGAIN));
    directory.network();
    String typed = password.revealText();
    if (directory.has(Defect.WIPES_BORROWED_PASSWORD)) {
      password.close();
    }
    if (!typed.equals(MemoryDirectory.PASSWORD)) {
      String text = directory.has(Defect.PASSWORD_IN_TEXT) ? typed + " is wrong" : "wrong";
      throw MemoryDomain.refused(
          Reason.WRONG_PASSWORD, text, !directory.has(Defect.WRONG_PASSWORD_ENDS));
    }
    if (directory.has(Defect.SKIPS_FACTOR)) {
      step = new Step.Complete(domain.session(name));
      return step;
    }
    if (!policy.methods().contains(METHOD) && !directory.has(Defect.OFFERS_ABSENT_METHOD)) {
      throw MemoryDomain.refused(Reason.NOT_SUPPORTED, "no method", false);
    }
    step = new Step.NeedFactor(List.of(OFFER), false);
    return step;
  }

  @Override
  public Challenge challenge(FactorOffer offer) {
    require(
        step instanceof Step.NeedFactor
            && (offer.equals(OFFER) || directory.has(Defect.TAKES_ANY_OFFER)));
    if (directory.has(Defect.SENDS_EARLY)) {
      directory.sent++;
    }
    return new Push(this);
  }

  @Override
  public Step approved(Challenge challenge) {
    require(step instanceof Step.NeedFactor && challenge instanceof Push own && proves(own));
    step = new Step.Complete(domain.session(name));
    return step;
  }

  private boolean proves(Push push) {
    boolean ours = push.signIn == this || directory.has(Defect.TAKES_ANOTHERS_CHALLENGE);
    return ours
        && switch (push.progress) {
          case APPROVED -> true;
          case DENIED -> directory.has(Defect.TAKES_DENIED);
          default -> directory.has(Defect.TAKES_PENDING);
        };
  }

  @Override
  public Step changePassword(Secret old, Secret fresh) {
    throw new IllegalStateException("not asked for");
  }

  private void require(boolean possible) {
    if (!possible || (closed && !directory.has(Defect.OPEN_AFTER_CLOSE))) {
      throw new IllegalStateException("not asked for");
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  /** A push message. */
  final class Push implements Challenge {
    private final MemorySignIn signIn;
    Progress progress = Progress.PENDING;

    Push(MemorySignIn signIn) {
      this.signIn = signIn;
    }

    @Override
    public FactorOffer offer() {
      return OFFER;
    }

    @Override
    public Prompt begin() {
      directory.sent++;
      return Prompt.waiting(SHORTEST, SHORTEST);
    }

    @Override
    public Progress poll() {
      return progress;
    }

    @Override
    public Progress submit(Secret code) {
      throw new IllegalStateException("no codes");
    }

    @Override
    public Progress respond(WebAuthn.Assertion assertion) {
      throw new IllegalStateException("no keys");
    }
  }
}
