package himmelblau.explain.internal;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.login.SignInService;
import himmelblau.api.status.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Whether there is a sign-in service at all, and the problems that concern everybody. */
@Component(property = {ExplainStep.STEP + "=sign-in", ExplainStep.ORDER + ":Integer=10"})
public final class SignInStep implements ExplainStep {
  private final List<SignInService> signIns = new CopyOnWriteArrayList<>();
  private final List<Trouble> troubles = new CopyOnWriteArrayList<>();

  @Activate
  public SignInStep() {}

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addSignIn(SignInService signIn) {
    signIns.add(signIn);
  }

  void removeSignIn(SignInService signIn) {
    signIns.remove(signIn);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTrouble(Trouble trouble) {
    troubles.add(trouble);
  }

  void removeTrouble(Trouble trouble) {
    troubles.remove(trouble);
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    List<String> lines = troubles.stream().flatMap(each -> each.troubles().stream()).toList();
    return Optional.of(finding(lines.isEmpty()).with(lines));
  }

  private Finding finding(boolean quiet) {
    if (signIns.isEmpty()) {
      return Finding.of(Outcome.NO, "the sign-in service is not running");
    }
    if (troubles.stream().anyMatch(Trouble::urgent)) {
      return Finding.of(Outcome.NOTE, "sign-ins fail, or soon will");
    }
    return quiet
        ? Finding.of(Outcome.OK, "the sign-in service is running")
        : Finding.of(Outcome.NOTE, "the sign-in service is running; something else does not work");
  }
}
