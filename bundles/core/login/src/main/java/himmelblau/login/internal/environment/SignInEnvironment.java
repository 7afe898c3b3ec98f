package himmelblau.login.internal.environment;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.Totp;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.tasks.RootTasks;
import himmelblau.login.internal.offline.DisabledAccounts;
import himmelblau.login.internal.offline.HostClock;
import himmelblau.login.internal.offline.Verifiers;
import himmelblau.login.internal.refusals.RecentRefusals;
import himmelblau.login.internal.settings.LoginSettings;
import himmelblau.login.internal.settings.LogonSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The services and settings that the steps of a sign-in use. What is behind a supplier or a
 * registry may change during a sign-in; each step reads it again.
 */
public record SignInEnvironment(
    Supplier<LoginSettings> options,
    Supplier<LogonSettings> logon,
    Directory directory,
    Verifiers verifiers,
    DisabledAccounts disabledAccounts,
    RecentRefusals refusals,
    HostClock clock,
    PluginRegistry<DomainProvider> domains,
    PluginRegistry<MfaMethod> methods,
    PluginRegistry<Hello> hellos,
    Supplier<Optional<Totp>> totp,
    Supplier<Optional<RootTasks>> tasks,
    Supplier<List<BreakglassPolicy>> breakglass,
    RenewalListeners renewals) {
  /** The one id under which Hello is registered. */
  public static final String HELLO = "hello";

  public LoginSettings settings() {
    return options.get();
  }

  public Optional<Hello> hello() {
    return hellos.find(HELLO);
  }

  /** The state of a PIN for the given origin; without the Hello bundle there are no PINs. */
  public PinState pinState(AccountName name, PinOrigin from) {
    return settings().hello()
        ? hello().map(h -> h.state(name, from)).orElse(PinState.DISABLED)
        : PinState.DISABLED;
  }
}
