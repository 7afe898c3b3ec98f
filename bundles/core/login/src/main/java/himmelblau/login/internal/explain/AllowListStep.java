package himmelblau.login.internal.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.login.internal.LoginComponent;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.settings.AccessList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether {@code pam_allow_groups} admits the account, and by which entry. */
@Component(property = {ExplainStep.STEP + "=allow-list", ExplainStep.ORDER + ":Integer=60"})
public final class AllowListStep implements ExplainStep {
  private static final String OPTION = "pam_allow_groups";
  private final SignInEnvironment environment;

  @Activate
  public AllowListStep(@Reference LoginComponent login) {
    this(login.environment());
  }

  AllowListStep(SignInEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(request, name));
  }

  private Finding finding(ExplainRequest request, AccountName name) {
    Set<String> allowed = environment.settings().allowed();
    if (allowed.isEmpty()) {
      return Finding.of(
          Outcome.OK, "every user of the configured domains is admitted", OptionUse.of(OPTION));
    }
    Optional<List<UUID>> groups = groups(request, name);
    List<String> matches = AccessList.matches(allowed, name, groups.orElse(List.of()));
    if (!matches.isEmpty()) {
      String entry = matches.getFirst();
      String what = entry.equals(name.upn()) ? "the entry " : "the entry of the group ";
      return Finding.of(Outcome.OK, "admitted by " + what + entry, OptionUse.entry(OPTION, entry));
    }
    return groups
        .map(
            known ->
                Finding.of(
                        Outcome.NO,
                        "neither the name nor one of the groups is listed",
                        OptionUse.of(OPTION))
                    .with(List.of("groups known here: " + known.size())))
        .orElseGet(
            () ->
                Finding.of(
                    Outcome.OPEN,
                    "the name is not listed; the groups are read at the first sign-in",
                    OptionUse.of(OPTION)));
  }

  /** Those of the last sign-in or refresh; of a new user, if a lookup may read them. */
  private Optional<List<UUID>> groups(ExplainRequest request, AccountName name) {
    boolean known = environment.directory().account(name).flatMap(Account::objectId).isPresent();
    if (known) {
      return Optional.of(environment.directory().groupsOf(name));
    }
    if (request.domain().isEmpty() || !request.reachable()) {
      return Optional.empty();
    }
    try {
      return request
          .domain()
          .get()
          .findWithGroups(name)
          .flatMap(UserWithGroups::groups)
          .map(groups -> groups.stream().map(Group::objectId).toList());
    } catch (DomainUnavailable e) {
      return Optional.empty();
    }
  }
}
