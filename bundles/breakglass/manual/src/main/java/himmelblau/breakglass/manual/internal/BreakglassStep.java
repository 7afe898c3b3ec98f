package himmelblau.breakglass.manual.internal;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether breakglass is enabled and active. */
@Component(property = {ExplainStep.STEP + "=breakglass", ExplainStep.ORDER + ":Integer=130"})
public final class BreakglassStep implements ExplainStep {
  private static final OptionUse ENABLED = OptionUse.of("enabled", "offline_breakglass");
  private final ManualBreakglass policy;

  @Activate
  public BreakglassStep(@Reference ManualBreakglass policy) {
    this.policy = policy;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding());
  }

  private Finding finding() {
    if (!policy.keepVerifiers()) {
      return Finding.of(Outcome.OK, "disabled", ENABLED);
    }
    return policy
        .until()
        .map(
            end ->
                Finding.of(
                    Outcome.NOTE, "active until " + end.truncatedTo(ChronoUnit.SECONDS), ENABLED))
        .orElseGet(() -> Finding.of(Outcome.OK, "enabled, not active", ENABLED));
  }
}
