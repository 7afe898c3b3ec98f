package himmelblau.directory.internal.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.assign.IdAssigner;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The uid and gid, and what they are made from. An id that cannot be used is an obstacle before.
 */
@Component(property = {ExplainStep.STEP + "=ids", ExplainStep.ORDER + ":Integer=40"})
public final class IdsStep implements ExplainStep {
  private final DirectoryEngine engine;

  @Activate
  public IdsStep(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  IdsStep(DirectoryEngine engine) {
    this.engine = engine;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(this::finding);
  }

  private Finding finding(AccountName name) {
    Optional<StoredUser> known = engine.area().read(c -> UserTable.byName(c, name));
    Optional<String> undecided = engine.directory().undecided(name);
    if (known.isPresent()) {
      StoredUser user = known.get();
      Finding found = finding(name, "", new AssignedIds(user.uid(), user.gid(), user.basis()));
      Outcome outcome = undecided.isPresent() ? Outcome.NOTE : found.outcome();
      return new Finding(outcome, found.text(), details(undecided), found.options());
    }
    return foreseen(name)
        .map(ids -> finding(name, "to be: ", ids))
        .orElseGet(
            () ->
                Finding.of(
                    Outcome.NOTE, "assigned at the first sign-in", OptionUse.of("id_attr_map")));
  }

  private List<String> details(Optional<String> undecided) {
    return undecided.or(engine::held).map(List::of).orElse(List.of());
  }

  private Optional<AssignedIds> foreseen(AccountName name) {
    return engine
        .area()
        .read(
            connection -> {
              try {
                return Optional.of(
                    new IdAssigner(engine.setup())
                        .user(connection, DirectoryUser.provisional(name)));
              } catch (DirectoryConflict e) {
                return Optional.empty();
              }
            });
  }

  private Finding finding(AccountName name, String start, AssignedIds ids) {
    String numbers = "%suid %d, gid %d: ".formatted(start, ids.uid(), ids.gid());
    String domain =
        engine.setup().domains().of(name).map(DomainSettings::domain).orElse(name.domain());
    OptionUse source = OptionUse.of("id_attr_map");
    OptionUse range = OptionUse.of("idmap_range", domain);
    String kind = ids.basis().split(":", 2)[0];
    return switch (kind) {
      case "static" -> Finding.of(Outcome.OK, numbers + "fixed (aad-tool idmap)");
      case AssignedIds.USER_MAP ->
          Finding.of(
              Outcome.OK,
              numbers + "those of the local account that it is mapped to",
              OptionUse.of("user_map_file"));
      case "name" -> Finding.of(Outcome.OK, numbers + "made from the name", source, range);
      case "uuid" -> Finding.of(Outcome.OK, numbers + "made from the object id", source, range);
      case "rfc2307" -> Finding.of(Outcome.OK, numbers + "attributes of the directory", source);
      default -> Finding.of(Outcome.OK, numbers + kind, source, range);
    };
  }
}
