package himmelblau.login.internal.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.hello.PinState;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.factors.StepPolicy;
import himmelblau.login.internal.offline.Verifiers.Standing;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether the user gets in without the directory. */
@Component(property = {ExplainStep.STEP + "=offline", ExplainStep.ORDER + ":Integer=120"})
public final class OfflineStep implements ExplainStep {
  private final SignInEnvironment environment;

  @Activate
  public OfflineStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  OfflineStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(request, name));
  }

  private Finding finding(ExplainRequest request, AccountName name) {
    Optional<String> host = hostObstacle(request);
    Standing standing =
        environment
            .directory()
            .account(name)
            .flatMap(Account::objectId)
            .map(environment.verifiers()::standing)
            .orElse(Standing.NONE);
    boolean emergency =
        environment.breakglass().get().stream().anyMatch(policy -> policy.active(name));
    boolean pin = pinAskedFor(request, name);
    Optional<String> obstacle = pin ? pinObstacle(name) : passwordObstacle(standing, emergency);
    boolean possible = host.isEmpty() && obstacle.isEmpty();
    String what = pin ? "PIN" : "cached password";
    String line =
        host.or(() -> obstacle.map(why -> what + ": not possible: " + why))
            .orElse(what + ": possible" + (pin ? " while the last sign-in may be renewed" : ""));
    if (request.reachable()) {
      return Finding.of(Outcome.OK, "the directory answers; in an outage:").with(List.of(line));
    }
    return possible
        ? Finding.of(Outcome.OK, "the directory does not answer; offline:").with(List.of(line))
        : Finding.of(
                Outcome.NO, "the directory does not answer, and offline nothing lets the user in")
            .with(List.of(line));
  }

  private static Optional<String> hostObstacle(ExplainRequest request) {
    Optional<DomainProvider> domain = request.domain();
    if (domain.isEmpty()) {
      return Optional.of("no bundle serves the domain");
    }
    if (domain.get().opensOffline()) {
      return Optional.empty();
    }
    return Optional.of(
        domain.get().joined()
            ? "this host was disabled in the directory"
            : "this host is not registered with the directory");
  }

  /** Where a PIN may be tried, it is asked for, and the cached password is not. */
  private boolean pinAskedFor(ExplainRequest request, AccountName name) {
    Place place = Place.of(request, environment.settings());
    return StepPolicy.pinPermitted(environment.settings(), place.remote())
        && environment.pinState(name, place.origin()) == PinState.READY;
  }

  private Optional<String> pinObstacle(AccountName name) {
    if (environment.clock().behind()) {
      return Optional.of("the clock is set earlier than when this host was last used");
    }
    return environment.hello().filter(hello -> hello.renewalKept(name)).isPresent()
        ? Optional.empty()
        : Optional.of("the last sign-in cannot be renewed any more");
  }

  private static Optional<String> passwordObstacle(Standing standing, boolean emergency) {
    return switch (standing) {
      case NONE -> Optional.of("none is kept");
      case PASSWORD_ONLY -> Optional.empty();
      case MULTI_FACTOR -> emergency ? Optional.empty() : Optional.of("breakglass is not active");
    };
  }
}
