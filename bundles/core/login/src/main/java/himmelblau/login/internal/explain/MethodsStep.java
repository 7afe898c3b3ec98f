package himmelblau.login.internal.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.hello.PinState;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.factors.StepPolicy;
import himmelblau.login.internal.factors.StepPolicy.Demand;
import himmelblau.login.internal.settings.LoginSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * By which methods a user could sign in here while the directory answers. Which of them the account
 * has is known to the directory only, which tells it in a sign-in.
 */
@Component(property = {ExplainStep.STEP + "=methods", ExplainStep.ORDER + ":Integer=80"})
public final class MethodsStep implements ExplainStep {
  private final SignInEnvironment environment;

  @Activate
  public MethodsStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  MethodsStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  /** What is said of one method. */
  private record Method(String line, boolean possible) {}

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(request, name));
  }

  private Finding finding(ExplainRequest request, AccountName name) {
    LoginSettings settings = environment.settings();
    Place place = Place.of(request, settings);
    boolean joined = request.domain().map(DomainProvider::joined).orElse(false);
    Optional<Demand> demand = Demand.of(settings, place.remote(), joined);
    boolean fallback = settings.passwordOnlyFallback() && joined;
    Method pin = pin(settings, place, name, joined);
    List<Method> methods =
        new TreeSet<>(environment.methods().ids(Duration.ZERO))
            .stream()
                .flatMap(
                    id ->
                        environment.methods().find(id).stream()
                            .map(m -> method(settings, place, id, m)))
                .toList();
    boolean possible =
        pin.possible()
            || demand.isEmpty()
            || fallback
            || methods.stream().anyMatch(Method::possible);
    List<String> lines = new ArrayList<>(List.of(pin.line()));
    lines.add(
        demand.isEmpty() || fallback
            ? "password: possible"
            : "password: possible, with a second factor");
    methods.forEach(method -> lines.add(method.line()));
    environment
        .methods()
        .gone()
        .forEach(id -> lines.add(id + ": not possible: its bundle is not running"));
    Outcome outcome = !request.reachable() ? Outcome.NOTE : possible ? Outcome.OK : Outcome.NO;
    return new Finding(
        outcome, text(request, demand, possible), lines, options(settings, place, demand));
  }

  private static String text(ExplainRequest request, Optional<Demand> demand, boolean possible) {
    String start = request.reachable() ? "" : "once the directory answers: ";
    String rest =
        demand
            .map(
                why ->
                    switch (why) {
                      case REMOTE -> "a second factor or the PIN is needed: the sign-in is remote";
                      case CONSOLE, NO_PIN ->
                          "a second factor or the PIN is needed, by the configuration";
                      case NOT_JOINED ->
                          "a second factor is needed: the sign-in registers this host";
                    })
            .orElse("a second factor is needed if the directory asks for one");
    return start + rest + (possible ? "" : "; none is possible here");
  }

  private Method pin(LoginSettings settings, Place place, AccountName name, boolean joined) {
    PinState state = environment.pinState(name, place.origin());
    if (!StepPolicy.pinPermitted(settings, place.remote())) {
      return new Method("PIN: not possible: not over the network", false);
    }
    return switch (state) {
      case READY ->
          joined
              ? new Method("PIN: possible, and asked for first", true)
              : new Method("PIN: not possible: this host is not registered now", false);
      case NONE -> new Method("PIN: not possible: none is set up", false);
      case BLOCKED -> new Method("PIN: not possible: too many wrong ones from there", false);
      case LOCKED -> new Method("PIN: not possible: too many wrong ones", false);
      case DISABLED -> new Method("PIN: not possible: switched off", false);
    };
  }

  private static Method method(LoginSettings settings, Place place, String id, MfaMethod method) {
    String title = method.title(new FactorOffer(id, FactorOffer.Role.SECOND, "", false));
    String name = title.equals(id) ? id : title + " (" + id + ")";
    Optional<String> obstacle =
        StepPolicy.obstacle(settings, place.service(), place.remote(), method.traits());
    return new Method(
        name + obstacle.map(why -> ": not possible: " + why).orElse(": possible"),
        obstacle.isEmpty());
  }

  private static List<OptionUse> options(
      LoginSettings settings, Place place, Optional<Demand> demand) {
    List<OptionUse> options = new ArrayList<>();
    if (demand.equals(Optional.of(Demand.CONSOLE))) {
      options.add(OptionUse.of("allow_console_password_only"));
    }
    if (!settings.hello()) {
      options.add(OptionUse.of("enable_hello"));
    }
    if (!StepPolicy.pinPermitted(settings, place.remote())) {
      options.add(OptionUse.of("allow_remote_hello"));
    }
    if (!settings.interactiveFactors()) {
      options.add(OptionUse.of("enable_experimental_mfa"));
    }
    if (settings.passwordOnlyFallback()) {
      options.add(OptionUse.of("enable_sfa_fallback"));
    }
    if (settings.preferredMethod().isPresent()) {
      options.add(OptionUse.of("mfa_method"));
    }
    return options;
  }
}
