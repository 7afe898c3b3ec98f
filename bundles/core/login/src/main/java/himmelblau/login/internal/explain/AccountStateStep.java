package himmelblau.login.internal.explain;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether the directory said, at a sign-in or in a lookup, that the account is disabled. */
@Component(property = {ExplainStep.STEP + "=account-state", ExplainStep.ORDER + ":Integer=50"})
public final class AccountStateStep implements ExplainStep {
  private final SignInEnvironment environment;

  @Activate
  public AccountStateStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  AccountStateStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request
        .name()
        .map(
            name ->
                environment.disabledAccounts().has(name)
                    ? Finding.of(
                        Outcome.NO,
                        "disabled or deleted in the directory, as its last answer says; once enabled"
                            + " there, a full sign-in ends this, or a lookup with a credential")
                    : Finding.of(Outcome.OK, "nothing here was told that the account is disabled"));
  }
}
