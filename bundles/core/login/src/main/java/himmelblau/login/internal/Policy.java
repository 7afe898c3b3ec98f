package himmelblau.login.internal;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.hello.State;
import himmelblau.api.login.SignInRequest;
import java.util.HashSet;
import java.util.Set;

/** Which steps a person has to take (host-behaviour 2.4, 2.10; decision 0430). */
final class Policy {
  private static final String DEVICE_CODE = "DeviceCode";
  private static final String SECURITY_KEY = "FidoKey";

  private final Host host;

  Policy(Host host) {
    this.host = host;
  }

  boolean pinPossible(Attempt attempt) {
    LoginSettings settings = host.settings();
    boolean context = !attempt.remote() || settings.remoteHello() || settings.helloCodes();
    return context
        && attempt.trusted()
        && !attempt.pinGivenUp()
        && !attempt.flag(SignInRequest.Flag.NO_HELLO_PIN)
        && !attempt.flag(SignInRequest.Flag.FORCE_REAUTH)
        && host.pinState(attempt.name(), attempt.origin()) == State.READY;
  }

  /** Whether a code is asked for next to the PIN. */
  boolean codeNeeded(Attempt attempt, boolean online) {
    LoginSettings settings = host.settings();
    return settings.helloCodes()
        && (!online || attempt.remote() || !settings.consolePasswordOnly());
  }

  /** A second factor is demanded even if the directory would not ask for one. */
  boolean forceMfa(Attempt attempt, DomainProvider domain) {
    LoginSettings settings = host.settings();
    return attempt.remote()
        || !settings.consolePasswordOnly()
        || !settings.hello()
        || !domain.joined() // nobody registers this device with a password alone
        || !attempt.trusted()
        || attempt.flag(SignInRequest.Flag.FORCE_REAUTH);
  }

  SignInPolicy signIn(Attempt attempt, boolean forceMfa) {
    LoginSettings settings = host.settings();
    Set<String> methods = new HashSet<>(host.methods().ids(settings.waitForPlugins()));
    if (!settings.interactiveFactors()) {
      methods.retainAll(Set.of(DEVICE_CODE));
    }
    if (attempt.remote()) {
      methods.remove(SECURITY_KEY); // plugged in where nobody sits
    }
    // A stranger who knows no password must not make somebody's phone ring.
    boolean passwordless = settings.passwordless() && attempt.trusted();
    return new SignInPolicy(forceMfa, attempt.remote(), methods, passwordless);
  }
}
