package himmelblau.login.internal.explain;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.service.LoginServices;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the program can show and ask, and whether the sign-in counts as remote. */
@Component(property = {ExplainStep.STEP + "=service", ExplainStep.ORDER + ":Integer=70"})
public final class LoginServiceStep implements ExplainStep {
  /** The columns before it name the program. */
  private static final int FIRST = 2;

  private final SignInEnvironment environment;

  @Activate
  public LoginServiceStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  LoginServiceStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(request));
  }

  private Finding finding(ExplainRequest request) {
    Place place = Place.of(request, environment.settings());
    String text =
        "%s: %s; the sign-in counts as %s"
            .formatted(
                request.service(), place.service().program(), place.remote() ? "remote" : "local");
    Finding found =
        request.otherHost()
            ? Finding.of(Outcome.OK, text)
            : Finding.of(Outcome.OK, text, OptionUse.of("password_only_remote_services_deny_list"));
    return found.with(List.of(abilities(place.service().cells())));
  }

  private static String abilities(List<String> cells) {
    return IntStream.range(FIRST, cells.size())
        .mapToObj(i -> LoginServices.COLUMNS.get(i) + ": " + cells.get(i))
        .collect(Collectors.joining("; "))
        .toLowerCase(Locale.ROOT)
        .replace("qr", "QR");
  }
}
