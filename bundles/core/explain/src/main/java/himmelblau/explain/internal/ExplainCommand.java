package himmelblau.explain.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionOrigins;
import himmelblau.api.explain.OptionOrigins.Origin;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.plugin.PluginRank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code aad-tool explain}: asks the steps that are there now, and gives the verdict. */
@Component(property = AdminCommand.COMMAND + "=explain")
public final class ExplainCommand implements AdminCommand {
  private static final Log LOG = Log.of(ExplainCommand.class);
  private static final String SERVICE = "sshd";

  private final List<NamedStep> steps = new CopyOnWriteArrayList<>();
  private final List<RankedDomain> domains = new CopyOnWriteArrayList<>();

  /** Without it no name means anybody. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable Directory directory;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable OptionOrigins origins;

  private record RankedDomain(DomainProvider provider, PluginRank rank) {
    boolean serves(String name) {
      return provider.domain().equals(name) || provider.aliases().contains(name);
    }
  }

  private record Asked(String user, String service, boolean remote, boolean json) {}

  @Activate
  public ExplainCommand() {}

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addStep(ExplainStep step, Map<String, Object> properties) {
    steps.add(NamedStep.of(step, properties));
  }

  void removeStep(ExplainStep step) {
    steps.removeIf(named -> named.step() == step);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addDomain(DomainProvider provider, Map<String, Object> properties) {
    domains.add(new RankedDomain(provider, PluginRank.of(properties)));
  }

  void removeDomain(DomainProvider provider) {
    domains.removeIf(ranked -> ranked.provider() == provider);
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    Asked asked;
    try {
      asked = asked(arguments);
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    }
    Explanation explanation = explain(request(asked));
    List<String> lines =
        asked.json() ? List.of(JsonForm.of(explanation)) : TextForm.lines(explanation);
    for (String line : lines) {
      terminal.out(line);
    }
    return explanation.verdict().exitCode();
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "explain");
  }

  private static Asked asked(List<String> words) throws WrongUsage {
    List<String> options = new ArrayList<>(words);
    String user = "";
    for (int i = 0; i < options.size() && user.isEmpty(); i++) {
      boolean value = i > 0 && options.get(i - 1).equals("--service");
      if (!value && !options.get(i).startsWith("-")) {
        user = options.remove(i);
      }
    }
    if (user.isBlank()) {
      throw new WrongUsage("explain needs the name of a user");
    }
    CommandArguments given =
        CommandArguments.parse(options, Set.of("--remote", "--json"), Set.of())
            .only("--service", "--remote", "--json");
    String service = given.has("--service") ? given.require("--service") : SERVICE;
    return new Asked(user, service, given.has("--remote"), given.has("--json"));
  }

  private ExplainRequest request(Asked asked) {
    Directory names = directory;
    Optional<AccountName> name = names == null ? Optional.empty() : names.resolve(asked.user());
    Optional<DomainProvider> domain = name.flatMap(known -> provider(known.domain()));
    return new ExplainRequest(
        asked.user(),
        name,
        asked.service(),
        asked.remote(),
        domain,
        domain.map(DomainProvider::reachable).orElse(false));
  }

  /** Of several for one domain, the one that signs users in. */
  private Optional<DomainProvider> provider(String domain) {
    return domains.stream()
        .filter(ranked -> ranked.serves(domain))
        .min(Comparator.comparing(RankedDomain::rank))
        .map(RankedDomain::provider);
  }

  private Explanation explain(ExplainRequest request) {
    List<Explanation.Step> found = new ArrayList<>();
    steps.stream()
        .sorted(NamedStep.ORDER)
        .forEach(
            step ->
                found(step, request)
                    .ifPresent(
                        finding ->
                            found.add(
                                new Explanation.Step(
                                    step.name(), finding, origins(finding.options())))));
    return new Explanation(request, found);
  }

  /** What prevents a step from answering would prevent the sign-in too. */
  private static Optional<Finding> found(NamedStep step, ExplainRequest request) {
    try {
      return step.step().explain(request);
    } catch (RuntimeException e) {
      LOG.error("explain.step_failed", e, "step", step.name());
      return Optional.of(Finding.of(Outcome.NO, "cannot be told: " + e.getMessage()));
    }
  }

  private Map<OptionUse, List<Origin>> origins(List<OptionUse> options) {
    OptionOrigins known = origins;
    Map<OptionUse, List<Origin>> found = new LinkedHashMap<>();
    for (OptionUse option : options) {
      found.put(option, known == null ? List.of() : known.of(option));
    }
    return found;
  }
}
