package himmelblau.login.internal.factors;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.hello.PinState;
import himmelblau.api.login.SignInRequest;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.HashSet;
import java.util.Set;

/** Decides which steps a user has to take (host-behaviour 2.4, 2.10; design section 10). */
public final class StepPolicy {
  private static final String DEVICE_CODE = "DeviceCode";
  private static final String SECURITY_KEY = "FidoKey";

  private final SignInEnvironment environment;

  public StepPolicy(SignInEnvironment environment) {
    this.environment = environment;
  }

  public boolean pinPossible(SignInAttempt attempt) {
    LoginSettings settings = environment.settings();
    boolean context = !attempt.remote() || settings.remoteHello() || settings.helloCodes();
    return context
        && attempt.trusted()
        && !attempt.pinGivenUp()
        && !attempt.flag(SignInRequest.Flag.NO_HELLO_PIN)
        && !attempt.flag(SignInRequest.Flag.FORCE_REAUTH)
        && environment.pinState(attempt.name(), attempt.origin()) == PinState.READY;
  }

  /** Whether a code is asked for next to the PIN. */
  public boolean codeNeeded(SignInAttempt attempt, boolean online) {
    LoginSettings settings = environment.settings();
    return settings.helloCodes()
        && (!online || attempt.remote() || !settings.consolePasswordOnly());
  }

  /** A second factor is demanded even if the directory would not ask for one. */
  public boolean forceMfa(SignInAttempt attempt, DomainProvider domain) {
    LoginSettings settings = environment.settings();
    return attempt.remote()
        || !settings.consolePasswordOnly()
        || !settings.hello()
        || !domain.joined() // a device must not be registered with a password alone
        || !attempt.trusted()
        || attempt.flag(SignInRequest.Flag.FORCE_REAUTH);
  }

  public SignInPolicy signIn(SignInAttempt attempt, boolean forceMfa) {
    LoginSettings settings = environment.settings();
    Set<String> methods = new HashSet<>(environment.methods().ids(settings.waitForPlugins()));
    if (!settings.interactiveFactors()) {
      methods.retainAll(Set.of(DEVICE_CODE));
    }
    if (attempt.remote()) {
      methods.remove(SECURITY_KEY); // plugged in on a machine without a user in front of it
    }
    // A person who does not know the password must not be able to send requests to the user's
    // phone.
    boolean passwordless = settings.passwordless() && attempt.trusted();
    return new SignInPolicy(forceMfa, attempt.remote(), methods, passwordless);
  }
}
