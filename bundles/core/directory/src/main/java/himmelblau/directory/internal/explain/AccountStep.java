package himmelblau.directory.internal.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether the name is an account of the directory, and who says so. */
@Component(property = {ExplainStep.STEP + "=account", ExplainStep.ORDER + ":Integer=20"})
public final class AccountStep implements ExplainStep {
  private final DirectoryEngine engine;

  @Activate
  public AccountStep(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  AccountStep(DirectoryEngine engine) {
    this.engine = engine;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return Optional.of(
        request.name().map(name -> account(request, name)).orElseGet(() -> other(request.typed())));
  }

  private Finding other(String typed) {
    if (engine.setup().host().accounts().users().containsKey(typed)) {
      return Finding.of(Outcome.LOCAL, typed + " is an account of this host (/etc/passwd)");
    }
    return Finding.of(
        Outcome.NO,
        "no account of the directory can be meant: the domain is not configured, or the name is"
            + " reserved for the host or not valid",
        OptionUse.of("domain"));
  }

  private Finding account(ExplainRequest request, AccountName name) {
    Optional<String> obstacle = engine.directory().obstacle(name);
    if (obstacle.isPresent()) {
      return Finding.of(Outcome.NO, name + " cannot be used on this host: " + obstacle.get());
    }
    Optional<StoredUser> known = engine.area().read(c -> UserTable.byName(c, name));
    boolean signedIn = engine.area().read(c -> UserTable.signedIn(c, name));
    String here =
        known.isEmpty()
            ? "not known here"
            : signedIn ? "known here, has signed in" : "known here from lookups";
    List<String> details = details(known);
    namesakes(request, name)
        .forEach(
            other ->
                details.add(
                    request.typed()
                        + " is ambiguous: "
                        + other
                        + " is known here, too, by its full name only"));
    return said(request, name, known.isPresent(), here).with(details);
  }

  /** Known users of other domains whom a short name could mean. */
  private List<AccountName> namesakes(ExplainRequest request, AccountName name) {
    if (!request.typed().equalsIgnoreCase(name.local())) {
      return List.of();
    }
    return engine.setup().domains().names().stream()
        .filter(domain -> !domain.equals(name.domain()))
        .sorted()
        .map(domain -> new AccountName(name.local(), domain))
        .filter(other -> engine.directory().account(other).isPresent())
        .toList();
  }

  private static Finding said(
      ExplainRequest request, AccountName name, boolean known, String here) {
    String start = name + ", " + here;
    try {
      if (request.domain().isEmpty() || !request.reachable()) {
        return unasked(known, start, "it does not answer");
      }
      return request.domain().get().find(name).isPresent()
          ? Finding.of(Outcome.OK, start + "; the directory has it")
          : Finding.of(Outcome.NO, start + "; the directory has no such account");
    } catch (DomainUnavailable e) {
      return unasked(known, start, String.valueOf(e.getMessage()));
    }
  }

  /** What is known here may sign in offline; a new name needs the directory. */
  private static Finding unasked(boolean known, String start, String why) {
    return Finding.of(
        known ? Outcome.OK : Outcome.NO, start + "; the directory cannot be asked: " + why);
  }

  private static List<String> details(Optional<StoredUser> known) {
    List<String> details = new ArrayList<>();
    known.flatMap(StoredUser::objectId).ifPresent(id -> details.add("object id " + id));
    known
        .map(StoredUser::refreshed)
        .filter(refreshed -> refreshed.isAfter(Instant.EPOCH))
        .ifPresent(refreshed -> details.add("last answer of the directory: " + refreshed));
    return details;
  }
}
