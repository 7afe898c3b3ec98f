package himmelblau.metrics.internal;

import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** States of bundles and components. */
@Component
public final class BundleMetrics implements MetricSource {
  private final BundleContext context;
  private final ServiceComponentRuntime runtime;

  @Activate
  public BundleMetrics(BundleContext context, @Reference ServiceComponentRuntime runtime) {
    this.context = context;
    this.runtime = runtime;
  }

  @Override
  public List<Metric> metrics() {
    List<Bundle> bundles =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
            .filter(bundle -> bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null)
            .toList();
    return List.of(active(bundles), components());
  }

  /** Of several versions of one bundle, one that runs is enough. */
  private static Metric active(List<Bundle> bundles) {
    Map<String, Double> states = new TreeMap<>();
    for (Bundle bundle : bundles) {
      double state = bundle.getState() == Bundle.ACTIVE ? 1 : 0;
      states.merge(String.valueOf(bundle.getSymbolicName()), state, Math::max);
    }
    return new Metric(
        "himmelblau_bundle_active",
        Metric.Type.GAUGE,
        "",
        "Whether a bundle or plug-in is started",
        states.entrySet().stream()
            .limit(Metric.MOST_SAMPLES)
            .<Metric.Sample>map(
                state -> new Metric.Value(Map.of("bundle", state.getKey()), state.getValue()))
            .toList());
  }

  private Metric components() {
    Map<String, Double> states =
        new TreeMap<>(Map.of("active", 0.0, "satisfied", 0.0, "waiting", 0.0, "failed", 0.0));
    List<ComponentConfigurationDTO> all = new ArrayList<>();
    runtime
        .getComponentDescriptionDTOs()
        .forEach(component -> all.addAll(runtime.getComponentConfigurationDTOs(component)));
    all.forEach(component -> states.merge(state(component.state), 1.0, Double::sum));
    return new Metric(
        "himmelblau_components",
        Metric.Type.GAUGE,
        "",
        "Components by state; waiting is for a service or a configuration",
        states.entrySet().stream()
            .<Metric.Sample>map(
                state -> new Metric.Value(Map.of("state", state.getKey()), state.getValue()))
            .toList());
  }

  private static String state(int state) {
    return switch (state) {
      case ComponentConfigurationDTO.ACTIVE -> "active";
      case ComponentConfigurationDTO.SATISFIED -> "satisfied";
      case ComponentConfigurationDTO.FAILED_ACTIVATION -> "failed";
      default -> "waiting";
    };
  }
}
