package himmelblau.domain.oidc.internal.signin;

import com.nimbusds.jwt.JWTClaimsSet;
import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.issuer.IssuerMetadata;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A sign-in with a browser on another device, in which all factors are proven. */
public final class OidcSignIn implements SignIn {
  /** Id of the only method. */
  public static final String METHOD = "DeviceCode";

  private static final FactorOffer OFFER =
      new FactorOffer(METHOD, FactorOffer.Role.FIRST, "", true);

  private final IssuerClient client;
  private final AccountName name;
  private final IssuerMetadata metadata;
  private final List<DeviceCodeChallenge> challenges = new ArrayList<>();
  private Step step = new Step.NeedFactor(List.of(OFFER), false);
  private boolean closed;

  public OidcSignIn(IssuerClient client, AccountName name, IssuerMetadata metadata) {
    this.client = client;
    this.name = name;
    this.metadata = metadata;
  }

  @Override
  public Step step() {
    return step;
  }

  @Override
  public Challenge challenge(FactorOffer offer) {
    require(step instanceof Step.NeedFactor && offer.equals(OFFER));
    DeviceCodeChallenge challenge = new DeviceCodeChallenge(client, metadata, offer);
    challenges.add(challenge);
    return challenge;
  }

  @Override
  public Step approved(Challenge challenge) throws DomainUnavailable, SignInRefused {
    require(
        step instanceof Step.NeedFactor
            && challenge instanceof DeviceCodeChallenge own
            && challenges.contains(own));
    DeviceCodeChallenge own = (DeviceCodeChallenge) challenge;
    Optional<TokenReply.Tokens> tokens = own.tokens();
    require(tokens.isPresent());
    JWTClaimsSet claims =
        client.idTokens().verified(tokens.get().idToken(), metadata.keys(), own.asked());
    IssuerUser user = client.user(claims, tokens.get(), metadata);
    if (!user.is(name)) { // the code was completed by somebody else
      throw Refusals.otherAccount(name);
    }
    step = new Step.Complete(client.session(user, name, tokens.get(), Optional.empty()));
    return step;
  }

  @Override
  public Step password(Secret password) {
    throw new IllegalStateException("No password is asked for");
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
    challenges.forEach(DeviceCodeChallenge::close);
  }
}
