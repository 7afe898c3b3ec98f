package himmelblau.domain.graphtools.internal;

import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.graph.GraphAccess;
import himmelblau.api.http.Http;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.api.sso.ResourceTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Follows domains and methods for the commands. Thread-safe. */
@Component(
    service = GraphToolsComponent.class,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GraphToolsComponent.Config.class)
public final class GraphToolsComponent {
  /** What this reads from {@code himmelblau.global}. */
  @ObjectClassDefinition(name = "Directory tools")
  public @interface Config {
    @AttributeDefinition(description = "The domains; the first is used where none is named")
    String[] domain() default {};

    @AttributeDefinition(description = "Older name of the same option")
    String[] domains() default {};
  }

  private final Directory directory;
  private final Http http;
  private final List<String> domains;
  private final Map<GraphAccess, String> graphs = new ConcurrentHashMap<>();
  private final Map<DomainProvider, String> providers = new ConcurrentHashMap<>();
  private final Map<ResourceTokens, String> tokens = new ConcurrentHashMap<>();
  private final Map<MfaMethod, List<String>> methods = new ConcurrentHashMap<>();
  private volatile @Nullable BrokerCalls broker;

  @Activate
  public GraphToolsComponent(Config config, @Reference Directory directory, @Reference Http http) {
    this(
        directory,
        http,
        Stream.of(config.domain(), config.domains())
            .flatMap(Stream::of)
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .distinct()
            .toList());
  }

  GraphToolsComponent(Directory directory, Http http, List<String> domains) {
    this.directory = directory;
    this.http = http;
    this.domains = domains;
  }

  private static String domain(Map<String, Object> properties) {
    return String.valueOf(properties.get(DomainProvider.DOMAIN));
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addGraph(GraphAccess graph, Map<String, Object> properties) {
    graphs.put(graph, domain(properties));
  }

  void removeGraph(GraphAccess graph) {
    graphs.remove(graph);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addProvider(DomainProvider provider, Map<String, Object> properties) {
    providers.put(provider, domain(properties));
  }

  void removeProvider(DomainProvider provider) {
    providers.remove(provider);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTokens(ResourceTokens source, Map<String, Object> properties) {
    tokens.put(source, domain(properties));
  }

  void removeTokens(ResourceTokens source) {
    tokens.remove(source);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addMethod(MfaMethod method, Map<String, Object> properties) {
    Object ids = properties.get(MfaMethod.METHOD);
    methods.put(
        method, ids instanceof String[] several ? List.of(several) : List.of(String.valueOf(ids)));
  }

  void removeMethod(MfaMethod method) {
    methods.remove(method);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void setBroker(BrokerCalls calls) {
    broker = calls;
  }

  void unsetBroker(BrokerCalls calls) {
    if (calls.equals(broker)) {
      broker = null;
    }
  }

  Http http() {
    return http;
  }

  /** What is there now. */
  GraphTools tools() {
    Map<String, MfaMethod> byId = new HashMap<>();
    methods.forEach((method, ids) -> ids.forEach(id -> byId.putIfAbsent(id, method)));
    List<GraphTools.Domain> known = new ArrayList<>();
    graphs.forEach(
        (graph, domain) ->
            of(providers, domain)
                .ifPresent(
                    provider ->
                        of(tokens, domain)
                            .ifPresent(
                                source ->
                                    known.add(new GraphTools.Domain(graph, provider, source)))));
    return new GraphTools(
        directory,
        domains,
        List.copyOf(known),
        Optional.ofNullable(broker),
        new TerminalSignIn(Map.copyOf(byId)));
  }

  private static <T> Optional<T> of(Map<T, String> services, String domain) {
    return services.entrySet().stream()
        .filter(entry -> entry.getValue().equals(domain))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
