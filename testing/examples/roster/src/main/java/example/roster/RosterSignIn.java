package example.roster;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;
import java.util.List;

/** Password, and a code from the printed list where the host demands a second factor. */
final class RosterSignIn implements SignIn {
  private static final String METHOD = "Papercode";

  private final RosterDomain domain;
  private final RosterClient client;
  private final AccountName name;
  private final SignInPolicy policy;
  private Step step = Step.NeedPassword.PLAIN;
  private String ticket = "";
  private boolean closed;

  RosterSignIn(RosterDomain domain, RosterClient client, AccountName name, SignInPolicy policy) {
    this.domain = domain;
    this.client = client;
    this.name = name;
    this.policy = policy;
  }

  @Override
  public Step step() {
    return step;
  }

  @Override
  public Step password(Secret password) throws DomainUnavailable, SignInRefused {
    require(step instanceof Step.NeedPassword);
    RosterClient.Reply reply =
        client.ask(
            "password",
            new RosterClient.Form()
                .with("user", name.local())
                .with("factors", policy.forceMfa() ? "2" : "1")
                .with("password", password));
    if (reply.status() != 200) {
      throw RosterDomain.refused(Reason.WRONG_PASSWORD, "Wrong password.", true);
    }
    if (!policy.forceMfa()) {
      step = new Step.Complete(domain.session(reply));
      return step;
    }
    if (!policy.methods().contains(METHOD)) {
      throw RosterDomain.refused(
          Reason.NOT_SUPPORTED, "This host cannot ask for a code of a printed list.", false);
    }
    ticket = reply.value("ticket");
    step =
        new Step.NeedFactor(
            List.of(new FactorOffer(METHOD, FactorOffer.Role.SECOND, "", true)), false);
    return step;
  }

  @Override
  public Challenge challenge(FactorOffer offer) {
    require(step instanceof Step.NeedFactor need && need.offers().contains(offer));
    return new CodeChallenge(client, offer, ticket);
  }

  @Override
  public Step approved(Challenge challenge) throws DomainUnavailable {
    require(
        step instanceof Step.NeedFactor
            && challenge instanceof CodeChallenge own
            && own.of(ticket)
            && own.proof().isPresent());
    step = new Step.Complete(domain.session(((CodeChallenge) challenge).proof().orElseThrow()));
    return step;
  }

  @Override
  public Step changePassword(Secret old, Secret fresh) {
    throw new IllegalStateException("No new password is asked for");
  }

  private void require(boolean possible) {
    if (closed || !possible) {
      throw new IllegalStateException("This sign-in does not ask for that now");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
