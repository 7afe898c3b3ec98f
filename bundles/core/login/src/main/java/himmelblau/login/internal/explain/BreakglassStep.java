package himmelblau.login.internal.explain;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether breakglass is enabled and active, whichever policy is in use. */
@Component(property = {ExplainStep.STEP + "=breakglass", ExplainStep.ORDER + ":Integer=130"})
public final class BreakglassStep implements ExplainStep {
  private static final OptionUse ENABLED = OptionUse.of("enabled", "offline_breakglass");

  private final SignInEnvironment environment;

  @Activate
  public BreakglassStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  BreakglassStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(environment.breakglass().get()));
  }

  private static Finding finding(List<BreakglassPolicy> policies) {
    if (policies.isEmpty()) {
      return Finding.of(Outcome.OK, "no policy is installed");
    }
    if (policies.stream().noneMatch(BreakglassPolicy::keepVerifiers)) {
      return Finding.of(Outcome.OK, "disabled", ENABLED);
    }
    return policies.stream()
        .map(BreakglassPolicy::until)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder())
        .map(BreakglassStep::active)
        .orElseGet(() -> Finding.of(Outcome.OK, "enabled, not active", ENABLED));
  }

  private static Finding active(Instant end) {
    return Finding.of(Outcome.NOTE, "active until " + end.truncatedTo(ChronoUnit.SECONDS), ENABLED);
  }
}
