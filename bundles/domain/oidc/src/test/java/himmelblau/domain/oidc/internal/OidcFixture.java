package himmelblau.domain.oidc.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.contract.domain.DomainFixture;
import himmelblau.domain.oidc.internal.OidcSettings.UserNameForm;
import himmelblau.domain.oidc.internal.client.ClientProof;
import himmelblau.domain.oidc.internal.client.HostClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The provider in front of {@link Issuer}; the clock for polls is moved, not waited for. */
final class OidcFixture implements DomainFixture {
  static final SignInPolicy POLICY =
      new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, Set.of("DeviceCode"), false);

  final Issuer issuer = new Issuer(Clock.systemUTC());
  final AtomicLong nanos = new AtomicLong();
  final DomainProvider provider;
  private final OidcSettings settings;
  final HostClient host;

  OidcFixture() {
    this(settings(List.of(), false, Set.of()));
  }

  OidcFixture(OidcSettings settings) {
    this(settings, publicClient());
  }

  OidcFixture(OidcSettings settings, HostClient host) {
    this.settings = settings;
    this.host = host;
    this.provider = restarted();
  }

  static HostClient publicClient() {
    return client(Optional.empty());
  }

  static HostClient client(Optional<ClientProof> proof) {
    return new HostClient(Issuer.DOMAIN, Issuer.CLIENT, proof);
  }

  /** With passwords, which the issuer takes. */
  static OidcFixture passwords(UserNameForm form, Set<String> acr) {
    OidcFixture at =
        new OidcFixture(
            new OidcSettings(
                Issuer.DOMAIN,
                Issuer.URL,
                Issuer.CLIENT,
                List.of(),
                false,
                "groups",
                acr,
                Optional.of(form)));
    at.issuer.takesPasswords = true;
    return at;
  }

  static OidcSettings settings(List<String> claims, boolean strip, Set<String> acr) {
    return new OidcSettings(
        Issuer.DOMAIN, Issuer.URL, Issuer.CLIENT, claims, strip, "groups", acr, Optional.empty());
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** A whole sign-in of {@code asked}, in which {@code who} completes the code. */
  Session signIn(AccountName asked, String who) throws Exception {
    try (SignIn signIn = provider.begin(asked, POLICY)) {
      Step.NeedFactor need = (Step.NeedFactor) signIn.step();
      Challenge challenge = signIn.challenge(need.offers().get(0));
      Prompt prompt = challenge.begin();
      issuer.complete(prompt.device().orElseThrow().userCode(), who);
      pass(prompt.interval());
      if (challenge.poll() != Challenge.Progress.APPROVED) {
        throw new IllegalStateException("not approved");
      }
      return ((Step.Complete) signIn.approved(challenge)).session();
    }
  }

  Session signIn() throws Exception {
    return signIn(user(), "ada");
  }

  static AccountName named(String local) {
    return new AccountName(local, Issuer.DOMAIN);
  }

  @Override
  public DomainProvider provider() {
    return provider;
  }

  @Override
  public DomainProvider restarted() {
    return OidcDomain.of(settings, issuer, host, Clock.systemUTC(), nanos::get);
  }

  @Override
  public boolean passwords() {
    return settings.passwords().isPresent();
  }

  @Override
  public AccountName user() {
    return named("ada");
  }

  @Override
  public AccountName otherUser() {
    return named("grace");
  }

  @Override
  public AccountName nobody() {
    return named("nobody");
  }

  @Override
  public Secret password() {
    return Secret.ofText(Issuer.PASSWORD);
  }

  @Override
  public Set<String> methods() {
    return Set.of("DeviceCode");
  }

  @Override
  public int messagesSent() {
    return (int) issuer.asked("/device"); // nobody is told, but the code begins to expire
  }

  @Override
  public Challenge.Progress prove(AccountName user, Challenge challenge, Prompt prompt)
      throws Exception {
    issuer.complete(prompt.device().orElseThrow().userCode(), user.local());
    pass(prompt.interval());
    return challenge.poll();
  }

  @Override
  public Challenge.Progress fail(AccountName user, Challenge challenge, Prompt prompt)
      throws Exception {
    issuer.deny(prompt.device().orElseThrow().userCode());
    pass(prompt.interval());
    return challenge.poll();
  }

  @Override
  public void changeDisplayName(String name) {
    issuer.claim("ada", "name", name);
  }

  @Override
  public void createAnew() {
    issuer.revoke();
    issuer.add("ada", "Ada");
  }

  @Override
  public void unreachable() {
    issuer.fault = Issuer.Fault.UNREACHABLE;
  }

  @Override
  public void reachable() {
    issuer.fault = Issuer.Fault.NONE;
  }

  @Override
  public void throttleOnce() {
    issuer.fault = Issuer.Fault.THROTTLE_ONCE;
  }

  @Override
  public void stallOnce() {
    issuer.fault = Issuer.Fault.STALL_ONCE;
  }

  @Override
  public boolean stalled() {
    return issuer.stalled;
  }

  @Override
  public void close() {}
}
