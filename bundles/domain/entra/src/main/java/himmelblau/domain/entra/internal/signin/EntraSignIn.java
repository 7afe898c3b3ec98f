package himmelblau.domain.entra.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.log.Log;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.Tenant;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An interactive sign-in (entra-interactive 9). Used by one thread. */
public final class EntraSignIn implements SignIn {
  private static final Log LOG = Log.of(EntraSignIn.class);

  private final Tenant tenant;
  private final AccountName name;
  private final SignInPolicy policy;
  private final SignInFinish finish;
  private final boolean joined;
  private final boolean factorForced;
  private final @Nullable SignInFlow flow;
  private final @Nullable CredentialType type;
  private Step step;
  private boolean changeTried;
  private boolean closed;

  /** Begins: asks the directory how this account may sign in. */
  public static EntraSignIn begin(
      Tenant tenant, AccountName name, SignInPolicy policy, SignInFinish finish)
      throws DomainUnavailable, SignInRefused {
    boolean joined = finish.joined();
    boolean forced = policy.forceMfa() || !joined;
    boolean browserFirst = policy.browser() == OtherBrowser.FIRST && browserPossible(policy);
    if (browserFirst || !tenant.settings().interactive()) {
      Step step = new Step.NeedFactor(deviceCodeOnly(policy), false);
      return new EntraSignIn(tenant, name, policy, finish, joined, forced, null, null, step);
    }
    try {
      SignInFlow flow = SignInFlow.open(tenant, name, forced);
      CredentialType type = AccountProbe.patiently(flow, policy.passwordless());
      Step step = firstStep(tenant, type, policy);
      return new EntraSignIn(tenant, name, policy, finish, joined, forced, flow, type, step);
    } catch (AadstsError e) {
      throw e.refused();
    }
  }

  private EntraSignIn(
      Tenant tenant,
      AccountName name,
      SignInPolicy policy,
      SignInFinish finish,
      boolean joined,
      boolean factorForced,
      @Nullable SignInFlow flow,
      @Nullable CredentialType type,
      Step step) {
    this.tenant = tenant;
    this.name = name;
    this.policy = policy;
    this.finish = finish;
    this.joined = joined;
    this.factorForced = factorForced;
    this.flow = flow;
    this.type = type;
    this.step = step;
  }

  private static Step firstStep(Tenant tenant, CredentialType type, SignInPolicy policy)
      throws SignInRefused {
    if (type.exists() == CredentialType.Exists.NO) {
      throw Refusals.because(Reason.NO_SUCH_ACCOUNT, Refusals.AGAIN);
    }
    if (type.exists() == CredentialType.Exists.PERSONAL) {
      throw Refusals.because(Reason.NOT_SUPPORTED, Refusals.UNSUPPORTED);
    }
    List<FactorOffer> offers = FactorOffers.first(type, policy, tenant.settings().securityKey());
    boolean password = type.passwordUsable();
    if (!offers.isEmpty()) {
      return new Step.NeedFactor(offers, password);
    }
    return password ? Step.NeedPassword.PLAIN : new Step.NeedFactor(deviceCodeOnly(policy), false);
  }

  private static boolean browserPossible(SignInPolicy policy) {
    return !FactorOffers.deviceCode(policy).isEmpty();
  }

  private static List<FactorOffer> deviceCodeOnly(SignInPolicy policy) throws SignInRefused {
    List<FactorOffer> offers = FactorOffers.deviceCode(policy);
    if (offers.isEmpty()) {
      throw Refusals.because(Reason.NOT_SUPPORTED, Refusals.UNSUPPORTED);
    }
    return offers;
  }

  @Override
  public Step step() {
    return step;
  }

  @Override
  public Step password(Secret password) throws DomainUnavailable, SignInRefused {
    boolean expected =
        step instanceof Step.NeedPassword
            || (step instanceof Step.NeedFactor need && need.passwordPossible());
    require(expected, "No password is asked for");
    try {
      if (!factorForced) {
        try {
          step = new Step.Complete(finish.password(name, password));
          return step;
        } catch (AadstsError e) {
          if (!StepErrors.secondFactor(e)) {
            throw e;
          }
          flow().reopen(true);
        }
      }
      return next(post(password));
    } catch (AadstsError e) {
      return judged(e);
    }
  }

  private FormResult post(Secret password) throws DomainUnavailable, AadstsError {
    try {
      return flow().settle(submit(password));
    } catch (AadstsError e) {
      if (!e.has(StepErrors.FLOW_EXPIRED)) {
        throw e;
      }
      flow().reopen(factorForced); // the page expired while the user was typing
      return flow().settle(submit(password));
    }
  }

  private FormResult submit(Secret password) throws DomainUnavailable, AadstsError {
    SignInFlow at = flow();
    RequestBody form =
        RequestBody.form()
            .with("login", name.upn())
            .with("passwd", password)
            .with("ctx", at.page().context())
            .with("flowToken", at.page().flowToken())
            .with("canary", at.page().canary())
            .with("client_id", WellKnownApps.BROKER)
            .with("client-request-id", at.requestId());
    return at.browser().submit(at.own(at.page(), "urlPost"), form);
  }

  @Override
  public Challenge challenge(FactorOffer offer) {
    require(
        step instanceof Step.NeedFactor need && need.offers().contains(offer),
        "This factor is not offered");
    boolean first = offer.role() == FactorOffer.Role.FIRST;
    return switch (offer.method()) {
      case FactorOffers.DEVICE_CODE -> new DeviceCodeChallenge(tenant, offer, factorForced);
      case FactorOffers.REMOTE_NGC ->
          new RemoteNgcChallenge(flow(), offer, type().remoteSession().orElseThrow());
      case FactorOffers.FIDO ->
          new FidoChallenge(
              flow(),
              offer,
              first ? type().fidoAllowList() : flow().page().config().texts("arrFidoAllowList"),
              first && type().crossDevicePasskey());
      case FactorOffers.ACCESS_PASS -> new AccessPassChallenge(flow(), offer);
      default -> new SasChallenge(flow(), offer);
    };
  }

  @Override
  public Step approved(Challenge challenge) throws DomainUnavailable, SignInRefused {
    require(step instanceof Step.NeedFactor, "No factor is asked for");
    if (!(challenge instanceof FlowChallenge own) || !own.approved()) {
      throw new IllegalStateException("This challenge was not approved");
    }
    try {
      if (own instanceof DeviceCodeChallenge elsewhere) {
        step = new Step.Complete(finish.signedIn(name, elsewhere.tokens(name)));
        return step;
      }
      return next(flow().settle(own.complete()));
    } catch (AadstsError e) {
      return judged(e);
    }
  }

  private Step next(FormResult answer) throws DomainUnavailable, SignInRefused, AadstsError {
    if (answer instanceof FormResult.Code code) {
      step = new Step.Complete(finish.signedIn(name, tenant.endpoint().redeem(code.code())));
      return step;
    }
    Page page = flow().page();
    step =
        switch (page.kind()) {
          case SECOND_FACTOR -> secondFactor(page);
          case CHANGE_PASSWORD -> newPassword();
          case CONSENT -> throw Refusals.because(Reason.CONSENT_REQUIRED, Refusals.CONSENT);
          case REGISTER_METHOD -> noFactor();
          default -> elsewhere("a page that is not known");
        };
    return step;
  }

  private Step secondFactor(Page page) throws SignInRefused {
    List<FactorOffer> offers =
        FactorOffers.second(page, policy, tenant.settings().preferredMethod());
    return offers.isEmpty()
        ? elsewhere("no method of the account is present")
        : new Step.NeedFactor(offers, false);
  }

  /** Set up in the browser, whose sign-in must then prove it; nothing of it happens here. */
  private Step noFactor() throws SignInRefused {
    if (policy.browser() == OtherBrowser.NOT_FOR_SETUP) {
      throw Refusals.because(Reason.FACTOR_MISSING, Refusals.NO_SETUP_HERE);
    }
    return elsewhere("the account has no second factor");
  }

  /**
   * On a host that is not joined, this is most likely a new user, who has to set up a second factor
   * too: both in one visit to the browser (decision 0734).
   */
  private Step newPassword() throws SignInRefused {
    boolean newUser =
        !joined && policy.browser() != OtherBrowser.NOT_FOR_SETUP && browserPossible(policy);
    return newUser ? elsewhere("a new password is required") : new Step.NeedNewPassword();
  }

  private Step elsewhere(String why) throws SignInRefused {
    LOG.info("entra.sign_in.device_code", "why", why, "account", name);
    return new Step.NeedFactor(deviceCodeOnly(policy), false);
  }

  private Step judged(AadstsError error) throws DomainUnavailable, SignInRefused {
    if (error.has(StepErrors.PASSWORD_EXPIRED)) {
      step = newPassword();
      return step;
    }
    if (error.has(StepErrors.NO_FACTOR)) {
      step = noFactor();
      return step;
    }
    if (error.has(StepErrors.ELSEWHERE)) {
      step = elsewhere("AADSTS" + error.code().orElse(0));
      return step;
    }
    throw error.refused();
  }

  @Override
  public Step changePassword(Secret old, Secret fresh) throws DomainUnavailable, SignInRefused {
    require(step instanceof Step.NeedNewPassword, "No new password is asked for");
    try {
      if (changeTried || flow().page().kind() != Page.Kind.CHANGE_PASSWORD) {
        flow().reopen(false); // each try needs a page of its own
        flow().settle(submit(old));
      }
      changeTried = true;
      if (flow().page().kind() != Page.Kind.CHANGE_PASSWORD) {
        throw Refusals.because(Reason.OTHER, Refusals.AGAIN);
      }
      new PasswordChange(flow()).run(old, fresh);
      flow().reopen(true);
      return next(flow().settle(submit(fresh)));
    } catch (AadstsError e) {
      if (e.has(StepErrors.NO_FACTOR)) {
        step = noFactor();
        return step;
      }
      throw e.refused();
    }
  }

  private SignInFlow flow() {
    if (flow == null) {
      throw new IllegalStateException("This sign-in has no pages");
    }
    return flow;
  }

  private CredentialType type() {
    if (type == null) {
      throw new IllegalStateException("This sign-in has no pages");
    }
    return type;
  }

  private void require(boolean possible, String otherwise) {
    if (closed || !possible) {
      throw new IllegalStateException(closed ? "This sign-in is over" : otherwise);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
