package himmelblau.metrics.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.metrics.MetricSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** {@code aad-tool metrics}: asks the sources that are there now. */
@Component(property = {AdminCommand.COMMAND + "=metrics", AdminCommand.ROUTINE + ":Boolean=true"})
public final class MetricsCommand implements AdminCommand {
  private static final Log LOG = Log.of(MetricsCommand.class);

  private final List<NamedSource> sources = new CopyOnWriteArrayList<>();

  /** Said once each, however often the numbers are read; bounded by what is installed. */
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  @Activate
  public MetricsCommand() {}

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addSource(MetricSource source, Map<String, Object> properties) {
    sources.add(NamedSource.of(source, properties));
  }

  void removeSource(MetricSource source) {
    sources.removeIf(named -> named.source() == source);
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    boolean prometheus = arguments.equals(List.of("--prometheus"));
    if (!arguments.isEmpty() && !prometheus) {
      terminal.err(help());
      return 2;
    }
    Collection collection = Collection.of(sources);
    Exposition form = prometheus ? Exposition.PROMETHEUS : Exposition.OPEN_METRICS;
    for (String line : form.lines(collection.metrics())) {
      terminal.out(line);
    }
    for (String refused : collection.refused()) {
      terminal.err("Left out: " + refused);
      if (said.add(refused)) {
        LOG.warn("metrics.source_refused", "reason", refused);
      }
    }
    return 0;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "metrics");
  }
}
