package himmelblau.login.internal.explain;

import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.refusals.RecentRefusals.Refusal;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Why the user was refused lately. */
@Component(property = {ExplainStep.STEP + "=refusals", ExplainStep.ORDER + ":Integer=140"})
public final class RefusalsStep implements ExplainStep {
  private final SignInEnvironment environment;

  @Activate
  public RefusalsStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  RefusalsStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(environment.refusals().of(name)));
  }

  private Finding finding(List<Refusal> refusals) {
    if (refusals.isEmpty()) {
      return Finding.of(
          Outcome.OK,
          "none since " + environment.refusals().since().truncatedTo(ChronoUnit.SECONDS));
    }
    return Finding.of(Outcome.NOTE, "the last " + refusals.size() + ", the oldest first")
        .with(refusals.stream().map(RefusalsStep::line).toList());
  }

  private static String line(Refusal refusal) {
    StringBuilder line = new StringBuilder(refusal.at().truncatedTo(ChronoUnit.SECONDS).toString());
    line.append(refusal.reason().isPresent() ? " directory" : " this host");
    refusal.code().ifPresent(code -> line.append(" (").append(code).append(')'));
    line.append(": ");
    Optional<String> words = refusal.reason().map(RefusalsStep::words);
    words.ifPresent(line::append);
    if (!refusal.text().isEmpty()) {
      line.append(words.isPresent() ? "; shown: " : "").append(refusal.text());
    }
    return line.toString();
  }

  private static String words(Reason reason) {
    return switch (reason) {
      case WRONG_PASSWORD -> "the password was wrong";
      case NO_SUCH_ACCOUNT -> "there is no such account";
      case ACCOUNT_DISABLED -> "an administrator disabled the account";
      case ACCOUNT_LOCKED -> "the account is locked for a while, such as after wrong passwords";
      case DENIED_BY_USER -> "the user denied the request";
      case FACTOR_FAILED -> "the second factor was wrong, late or could not be checked";
      case FACTOR_MISSING -> "a second factor is demanded, and the account gave none";
      case TIMED_OUT -> "the time for the sign-in was over";
      case OTHER_ACCOUNT -> "another account signed in than the one asked for";
      case DEVICE_REMOVED -> "this host is no longer registered";
      case DEVICE_DISABLED -> "an administrator disabled this host";
      case RENEWAL_DEAD -> "the earlier sign-in is no longer valid; a full one is needed";
      case CONSENT_REQUIRED -> "an administrator of the directory has to consent first";
      case NOT_SUPPORTED -> "no method of the account can be used here";
      case PASSWORD_REJECTED -> "the new password does not fulfil the rules";
      case ACTION_REQUIRED -> "the user or an administrator has to act in the directory first";
      case BLOCKED_BY_POLICY ->
          "a policy of the directory (conditional access) does not allow this sign-in";
      case OTHER -> "another reason";
    };
  }
}
