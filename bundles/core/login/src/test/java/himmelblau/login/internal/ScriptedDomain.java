package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.LogonToken;
import himmelblau.api.domain.Picture;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SessionFeature;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.hsm.Key;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import himmelblau.contract.mfa.ScriptedChallenge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * example.org: user01 and user02 with the password {@code Passw0rd!}. The test sets the response of
 * the phone and the state of the directory.
 */
public final class ScriptedDomain implements DomainProvider {
  public static final Map<String, UUID> USERS =
      Map.of(
          "user01", UUID.fromString("00000000-0000-0000-0000-000000000001"),
          "user02", UUID.fromString("00000000-0000-0000-0000-000000000002"));

  public boolean reachable = true;

  /** What happens on the host during a sign-in. */
  public Runnable meanwhile = () -> {};

  public boolean joined;
  public boolean confirmsNames = true;
  public boolean disabled;
  public boolean renewalAlive = true;

  /** What happens on the host while an offline sign-in with a PIN is decided. */
  public Runnable duringOfflinePin = () -> {};

  public boolean expiredPassword;

  /** Signs in without the factor that was demanded. */
  public boolean forgetsFactor;

  /** Says that a second factor was proven, without having asked for one. */
  public boolean claimsFactor;

  /** Whether the sessions of a key or renewal carry a second factor. */
  public boolean helloMultiFactor = true;

  /** The passwords and codes that came here. */
  public final List<String> secrets = new ArrayList<>();

  /** The one code that is good. */
  String code = "424242";

  /** Credential ids of the account's security keys. */
  public List<byte[]> passkeys = List.of();

  /** Whether the methods are first factors, without a password. */
  public boolean passwordless;

  /** Whether the account has a second factor at all. */
  public List<String> methods = List.of("PhoneAppNotification");

  public HelloKind helloKind = HelloKind.REGISTERED;
  public Progress phone = Progress.APPROVED;

  /** The same for one method. */
  public final Map<String, Progress> phones = new HashMap<>();

  /** What the directory says to one method, instead of yes or no. */
  public final Map<String, SignInRefused> factorRefusals = new HashMap<>();

  /** Methods whose service does not answer. */
  public final Map<String, DomainUnavailable> brokenFactors = new HashMap<>();

  public @Nullable DomainUnavailable broken;
  public @Nullable DomainUnavailable brokenRegistration;
  public @Nullable SignInRefused helloRefusal;

  /** Before anything was asked of the user. */
  public @Nullable SignInRefused beginRefusal;

  public @Nullable SignInRefused signInRefusal;

  /** The same where a second factor is demanded. */
  public @Nullable SignInRefused forcedRefusal;

  /** What the directory says to a factor in progress, instead of yes or no. */
  public @Nullable SignInRefused factorRefusal;

  public @Nullable DirectoryUser somebodyElse;
  List<Group> groups = List.of();

  /** What sessions give beside the sign-in. */
  public Optional<String> logonToken = Optional.empty();

  Optional<Picture> picture = Optional.empty();

  public Runnable onFullSignIn = () -> {};

  /** What each sign-in was allowed to use a browser on another device for. */
  public final List<OtherBrowser> browsers = new ArrayList<>();

  /** All that was asked of it, in order. */
  public final List<String> calls = new ArrayList<>();

  /** Further domains of the same tenant. */
  public List<String> aliases = List.of();

  public String password = "Passw0rd!";

  /** Whether a wrong password leads to the same step again, not to a refusal. */
  public boolean asksAgain;

  public static SignInRefused refusal(SignInRefused.Reason reason, String text) {
    return new SignInRefused(reason, text, Optional.empty(), true);
  }

  @Override
  public String domain() {
    return "example.org";
  }

  @Override
  public List<String> aliases() {
    return aliases;
  }

  @Override
  public Optional<String> tenantId() {
    return Optional.of("tenant");
  }

  @Override
  public boolean reachable() {
    meanwhile.run();
    return reachable;
  }

  @Override
  public boolean confirmsNames() {
    return confirmsNames;
  }

  @Override
  public boolean joined() {
    return joined;
  }

  @Override
  public Optional<DirectoryUser> find(AccountName name) throws DomainUnavailable {
    requireWorking();
    calls.add("find " + name.local());
    return Optional.ofNullable(USERS.get(name.local())).map(id -> DirectoryUser.provisional(name));
  }

  private void requireWorking() throws DomainUnavailable {
    if (broken != null) {
      throw broken;
    }
  }

  private DirectoryUser user(AccountName name) {
    if (somebodyElse != null) {
      return somebodyElse;
    }
    UUID id = USERS.get(name.local());
    return new DirectoryUser(
        name, Optional.ofNullable(id), Optional.of("tenant"), "", PosixAttributes.NONE);
  }

  @Override
  public SignIn begin(AccountName name, SignInPolicy policy)
      throws DomainUnavailable, SignInRefused {
    requireWorking();
    calls.add("begin " + name.local() + (policy.forceMfa() ? " mfa" : ""));
    browsers.add(policy.browser());
    if (beginRefusal != null) {
      throw beginRefusal;
    }
    return new Flow(name, policy);
  }

  @Override
  public HelloKind registerHello(Session session, Key key) throws DomainUnavailable {
    calls.add("registerHello");
    if (brokenRegistration != null) {
      throw brokenRegistration;
    }
    return helloKind;
  }

  @Override
  public Session signInWithHello(AccountName name, Key key)
      throws DomainUnavailable, SignInRefused {
    return hello("hello " + name.local(), name);
  }

  @Override
  public Session renew(AccountName name, Secret renewal) throws DomainUnavailable, SignInRefused {
    return hello("renew " + name.local(), name);
  }

  private Session hello(String call, AccountName name) throws DomainUnavailable, SignInRefused {
    calls.add(call);
    requireWorking();
    if (helloRefusal != null) {
      throw helloRefusal;
    }
    return new Open(user(name), helloMultiFactor, groups, logonToken, picture);
  }

  @Override
  public Optional<UserWithGroups> findWithGroups(AccountName name) throws DomainUnavailable {
    return find(name).map(user -> new UserWithGroups(user, Optional.empty()));
  }

  @Override
  public Optional<Group> group(UUID objectId) {
    return Optional.empty();
  }

  @Override
  public boolean opensOffline() {
    return joined && !disabled;
  }

  @Override
  public boolean renewalAlive(Secret renewal) {
    duringOfflinePin.run();
    return renewalAlive;
  }

  @Override
  public void leave() {
    calls.add("leave");
    joined = false;
  }

  private record Open(
      DirectoryUser user,
      boolean multiFactor,
      List<Group> members,
      Optional<String> token,
      Optional<Picture> picture)
      implements Session {
    @Override
    public <T extends SessionFeature> Optional<T> feature(Class<T> type) {
      if (type == LogonToken.class) {
        LogonToken asked = () -> token.map(Secret::ofText);
        return Optional.of(type.cast(asked));
      }
      return type == Picture.class ? picture.map(type::cast) : Optional.empty();
    }

    @Override
    public Optional<List<Group>> groups() {
      return Optional.of(members);
    }

    @Override
    public Optional<Secret> renewal() {
      return Optional.of(Secret.ofText("renewal"));
    }

    @Override
    public void close() {}
  }

  /** Takes one code, and is polled as scripted. */
  private final class Typed implements Challenge {
    private final Challenge polled;

    Typed(Challenge polled) {
      this.polled = polled;
    }

    @Override
    public FactorOffer offer() {
      return polled.offer();
    }

    @Override
    public Prompt begin() throws DomainUnavailable, SignInRefused {
      Prompt prompt = polled.begin();
      return passkeys.isEmpty() ? prompt : prompt.withWebAuthn(asked());
    }

    private WebAuthn.Request asked() {
      return new WebAuthn.Request(
          "login.microsoft.com",
          "https://login.microsoft.com",
          new byte[] {1, 2, 3},
          passkeys,
          passwordless ? WebAuthn.UserVerification.REQUIRED : WebAuthn.UserVerification.PREFERRED,
          false,
          Duration.ofMinutes(2));
    }

    @Override
    public Progress poll() throws DomainUnavailable, SignInRefused {
      return polled.poll();
    }

    @Override
    public Progress submit(Secret typed) {
      secrets.add(typed.revealText());
      return typed.revealText().equals(code) ? Progress.APPROVED : Progress.DENIED;
    }

    @Override
    public Progress respond(WebAuthn.Assertion assertion) throws DomainUnavailable, SignInRefused {
      return polled.respond(assertion);
    }
  }

  private final class Flow implements SignIn {
    private final AccountName name;
    private final SignInPolicy policy;
    private boolean passwordGood;

    Flow(AccountName name, SignInPolicy policy) {
      this.name = name;
      this.policy = policy;
    }

    @Override
    public Step step() {
      boolean first = policy.browser() == OtherBrowser.FIRST && methods.contains("DeviceCode");
      if (!first && (!passwordless || !policy.passwordless())) {
        return Step.NeedPassword.PLAIN;
      }
      passwordGood = true;
      return new Step.NeedFactor(offers(FactorOffer.Role.FIRST), true);
    }

    private List<FactorOffer> offers(FactorOffer.Role role) {
      return methods.stream()
          .filter(policy.methods()::contains)
          .map(m -> new FactorOffer(m, role, "", m.equals(methods.get(0))))
          .toList();
    }

    @Override
    public Step password(Secret typed) throws DomainUnavailable, SignInRefused {
      requireWorking();
      secrets.add(typed.revealText());
      if (signInRefusal != null) {
        throw signInRefusal;
      }
      if (forcedRefusal != null && policy.forceMfa()) {
        throw forcedRefusal;
      }
      if (!typed.revealText().equals(password)) {
        if (asksAgain) {
          return Step.NeedPassword.PLAIN;
        }
        throw refusal(SignInRefused.Reason.WRONG_PASSWORD, "Invalid username or password");
      }
      passwordGood = true;
      return expiredPassword ? new Step.NeedNewPassword() : afterPassword();
    }

    private Step afterPassword() throws SignInRefused {
      if (forgetsFactor || (!policy.forceMfa() && joined && methods.isEmpty())) {
        return complete(claimsFactor);
      }
      List<FactorOffer> offers = offers(FactorOffer.Role.SECOND);
      if (offers.isEmpty()) {
        throw refusal(
            SignInRefused.Reason.NOT_SUPPORTED,
            "Authentication failed: Authentication method not supported.");
      }
      return new Step.NeedFactor(offers, false);
    }

    private Step complete(boolean multiFactor) {
      joined = true;
      onFullSignIn.run();
      return new Step.Complete(new Open(user(name), multiFactor, groups, logonToken, picture));
    }

    @Override
    public Challenge challenge(FactorOffer offer) {
      calls.add("challenge " + offer.method());
      String method = offer.method();
      ScriptedChallenge polled =
          new ScriptedChallenge(
              method,
              ScriptedChallenge.brief().withNumber("11"),
              phones.getOrDefault(method, phone));
      SignInRefused refused = factorRefusals.getOrDefault(method, factorRefusal);
      if (brokenFactors.containsKey(method)) {
        polled.breaking(brokenFactors.get(method));
      }
      return new Typed(refused == null ? polled : polled.refusing(refused));
    }

    @Override
    public Step approved(Challenge challenge) {
      Progress said = phones.getOrDefault(challenge.offer().method(), phone);
      if (!passwordGood || said != Progress.APPROVED) {
        throw new IllegalStateException("approved without proof");
      }
      return complete(true);
    }

    @Override
    public Step changePassword(Secret old, Secret fresh) throws SignInRefused {
      secrets.add(fresh.revealText());
      if (!old.revealText().equals(password) || fresh.revealText().equals(password)) {
        throw refusal(SignInRefused.Reason.PASSWORD_REJECTED, "used before");
      }
      password = fresh.revealText();
      expiredPassword = false;
      return afterPassword();
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }
}
