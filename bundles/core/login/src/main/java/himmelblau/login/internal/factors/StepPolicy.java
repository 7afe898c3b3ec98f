package himmelblau.login.internal.factors;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.hello.PinState;
import himmelblau.api.log.Log;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.service.LoginService;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Decides which steps a user has to take (host-behaviour 2.4, 2.10; design section 10). */
public final class StepPolicy {
  private static final Log LOG = Log.of(StepPolicy.class);

  private final SignInEnvironment environment;

  public StepPolicy(SignInEnvironment environment) {
    this.environment = environment;
  }

  public boolean pinPossible(SignInAttempt attempt) {
    return pinPermitted(environment.settings(), attempt.remote())
        && attempt.trusted()
        && !attempt.pinGivenUp()
        && !attempt.flag(SignInRequest.Flag.NO_HELLO_PIN)
        && !attempt.flag(SignInRequest.Flag.FORCE_REAUTH)
        && environment.pinState(attempt.name(), attempt.origin()) == PinState.READY;
  }

  /** Whether the options permit a PIN here. */
  public static boolean pinPermitted(LoginSettings settings, boolean remote) {
    return !remote || settings.remoteHello() || settings.helloCodes();
  }

  /** Whether a code is asked for next to the PIN. */
  public boolean codeNeeded(SignInAttempt attempt, boolean online) {
    LoginSettings settings = environment.settings();
    return settings.helloCodes()
        && (!online || attempt.remote() || !settings.consolePasswordOnly());
  }

  /** A second factor is demanded even if the directory would not ask for one. */
  public boolean forceMfa(SignInAttempt attempt, DomainProvider domain) {
    return Demand.of(environment.settings(), attempt.remote(), domain.joined()).isPresent()
        || !attempt.trusted()
        || attempt.flag(SignInRequest.Flag.FORCE_REAUTH);
  }

  /** Why this host demands a second factor from everybody who signs in so. */
  public enum Demand {
    /** Over the network. */
    REMOTE,
    /** {@code allow_console_password_only = false}. */
    CONSOLE,
    /** {@code enable_hello = false}. */
    NO_PIN,
    /** A device must not be registered with a password alone. */
    NOT_JOINED;

    /** The first that applies; empty: none does. */
    public static Optional<Demand> of(LoginSettings settings, boolean remote, boolean joined) {
      if (remote) {
        return Optional.of(REMOTE);
      }
      if (!settings.consolePasswordOnly()) {
        return Optional.of(CONSOLE);
      }
      if (!settings.hello()) {
        return Optional.of(NO_PIN);
      }
      return joined ? Optional.empty() : Optional.of(NOT_JOINED);
    }
  }

  /** Whether this host and this program let the user prove a factor with {@code method}. */
  public boolean permits(SignInAttempt attempt, MfaMethod method) {
    return obstacle(
            environment.settings(),
            attempt.conversation().service(),
            attempt.remote(),
            method.traits())
        .isEmpty();
  }

  /** Why no user can prove a factor with a method of these traits here, for administrators. */
  public static Optional<String> obstacle(
      LoginSettings settings, LoginService service, boolean remote, Set<MfaMethod.Trait> traits) {
    if (remote && traits.contains(MfaMethod.Trait.LOCAL_ONLY)) {
      return Optional.of("only at this host itself"); // its device is plugged in where no user is
    }
    if (!settings.interactiveFactors() && !traits.contains(MfaMethod.Trait.OTHER_BROWSER)) {
      return Optional.of("switched off by enable_experimental_mfa");
    }
    return service.lacks(traits);
  }

  /**
   * @param browserFirst begin with a browser on another device
   */
  public SignInPolicy signIn(
      SignInAttempt attempt, DomainProvider domain, boolean forceMfa, boolean browserFirst) {
    LoginSettings settings = environment.settings();
    Set<String> methods = new HashSet<>(environment.methods().ids(settings.waitForPlugins()));
    Set<String> unusable = new TreeSet<>(methods);
    unusable.removeIf(
        id -> environment.methods().find(id).filter(m -> !permits(attempt, m)).isEmpty());
    methods.removeAll(unusable);
    if (!unusable.isEmpty()) {
      LOG.info(
          "login.method.unusable",
          "account",
          attempt.name(),
          "service",
          attempt.conversation().context().service(),
          "methods",
          unusable);
    }
    // Somebody who does not know the password must not be able to send requests to the user's
    // phone.
    boolean passwordless = settings.passwordless() && attempt.trusted();
    return new SignInPolicy(
        forceMfa, browser(attempt, domain, browserFirst), methods, passwordless);
  }

  private OtherBrowser browser(SignInAttempt attempt, DomainProvider domain, boolean first) {
    LoginSettings settings = environment.settings();
    if (attempt.remote() && !settings.remoteRegistration()) {
      return OtherBrowser.NOT_FOR_SETUP;
    }
    if (first) {
      return OtherBrowser.FIRST;
    }
    // On a joined host the password then makes up for the missing factor.
    return settings.passwordOnlyFallback() && domain.joined()
        ? OtherBrowser.NOT_FOR_SETUP
        : OtherBrowser.WHERE_NEEDED;
  }
}
