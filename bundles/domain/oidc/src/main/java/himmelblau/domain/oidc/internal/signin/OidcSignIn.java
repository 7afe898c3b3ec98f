package himmelblau.domain.oidc.internal.signin;

import com.nimbusds.jwt.JWTClaimsSet;
import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.issuer.IssuerMetadata;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sign-in with a browser on another device, in which all factors are proven; or, where the
 * administrator wants that, with the password, and the browser only for what that does not prove.
 */
public final class OidcSignIn implements SignIn {
  /** Id of the only method. */
  public static final String METHOD = "DeviceCode";

  private static final FactorOffer OFFER =
      new FactorOffer(METHOD, FactorOffer.Role.FIRST, "", true);
  private static final FactorOffer AFTER_PASSWORD =
      new FactorOffer(METHOD, FactorOffer.Role.SECOND, "", true);

  private final IssuerClient client;
  private final AccountName name;
  private final IssuerMetadata metadata;
  private final List<DeviceCodeChallenge> challenges = new ArrayList<>();
  private final boolean browser;
  private final boolean twoFactors;
  private Step step;
  private boolean closed;

  private OidcSignIn(
      IssuerClient client,
      AccountName name,
      IssuerMetadata metadata,
      SignInPolicy policy,
      boolean browser,
      Step first) {
    this.client = client;
    this.name = name;
    this.metadata = metadata;
    this.browser = browser;
    this.twoFactors = policy.forceMfa();
    this.step = first;
  }

  /**
   * Begins one.
   *
   * @param metadata of now
   * @throws SignInRefused if the issuer takes no passwords here, and a browser cannot be used
   */
  public static SignIn begin(
      IssuerClient client, AccountName name, IssuerMetadata metadata, SignInPolicy policy)
      throws SignInRefused {
    boolean browser =
        policy.methods().contains(METHOD) && metadata.deviceAuthorization().isPresent();
    boolean password = client.settings().passwords().isPresent() && metadata.passwords();
    if (!browser && !password) {
      throw Refusals.because(Reason.NOT_SUPPORTED, Refusals.NO_BROWSER);
    }
    boolean browserFirst = browser && (!password || policy.browser() == OtherBrowser.FIRST);
    Step first =
        browserFirst ? new Step.NeedFactor(List.of(OFFER), false) : passwordOf(name.domain());
    return new OidcSignIn(client, name, metadata, policy, browser, first);
  }

  /** The texts of the host speak of Entra ID. */
  private static Step passwordOf(String domain) {
    return new Step.NeedPassword(
        Optional.of("Use your password for " + domain + "."), Optional.of("Password: "));
  }

  @Override
  public Step step() {
    return step;
  }

  @Override
  public Challenge challenge(FactorOffer offer) {
    require(step instanceof Step.NeedFactor need && need.offers().contains(offer));
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
    IssuerUser user = client.user(claims, tokens.get(), metadata, SignInWay.BROWSER);
    if (!user.is(name)) { // the code was completed by somebody else
      throw Refusals.otherAccount(name);
    }
    step = new Step.Complete(client.session(user, name, tokens.get(), Optional.empty()));
    return step;
  }

  @Override
  public Step password(Secret password) throws DomainUnavailable, SignInRefused {
    require(step instanceof Step.NeedPassword);
    Instant asked = client.clock().instant();
    String user = client.settings().passwords().orElseThrow().of(name);
    step =
        switch (client.endpoint().password(metadata, user, password)) {
          case TokenReply.Tokens tokens -> {
            try (tokens) {
              yield accepted(tokens, asked);
            }
          }
          case TokenReply.Refused refused -> {
            if (!Refusals.wantsBrowser(refused)) {
              throw Refusals.ofPassword(refused);
            }
            yield inBrowser(Optional.of(refused.code()));
          }
        };
    return step;
  }

  private Step accepted(TokenReply.Tokens tokens, Instant asked)
      throws DomainUnavailable, SignInRefused {
    JWTClaimsSet claims = client.idTokens().verified(tokens.idToken(), metadata.keys(), asked);
    IssuerUser user = client.user(claims, tokens, metadata, SignInWay.PASSWORD);
    if (!user.is(name)) {
      throw Refusals.otherName(name);
    }
    return twoFactors && !user.multiFactor()
        ? inBrowser(Optional.empty())
        : new Step.Complete(client.session(user, name, tokens, Optional.empty()));
  }

  /** Whoever goes on there proves everything there: what was typed here counts for nothing. */
  private Step inBrowser(Optional<String> code) throws SignInRefused {
    if (!browser) {
      throw new SignInRefused(Reason.NOT_SUPPORTED, Refusals.SECOND_FACTOR, code, false);
    }
    return new Step.NeedFactor(List.of(AFTER_PASSWORD), false);
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
