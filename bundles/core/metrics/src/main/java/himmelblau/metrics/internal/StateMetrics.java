package himmelblau.metrics.internal;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.login.SignInService;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import himmelblau.api.status.Trouble;
import himmelblau.api.tasks.RootTasks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What {@code aad-tool status} says, as numbers. */
@Component
public final class StateMetrics implements MetricSource {
  private final List<SignInService> signIns = new CopyOnWriteArrayList<>();
  private final List<Trouble> troubles = new CopyOnWriteArrayList<>();
  private final List<BreakglassPolicy> policies = new CopyOnWriteArrayList<>();

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable RootTasks tasks;

  @Activate
  public StateMetrics() {}

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addSignIn(SignInService signIn) {
    signIns.add(signIn);
  }

  void removeSignIn(SignInService signIn) {
    signIns.remove(signIn);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTrouble(Trouble trouble) {
    troubles.add(trouble);
  }

  void removeTrouble(Trouble trouble) {
    troubles.remove(trouble);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addPolicy(BreakglassPolicy policy) {
    policies.add(policy);
  }

  void removePolicy(BreakglassPolicy policy) {
    policies.remove(policy);
  }

  @Override
  public List<Metric> metrics() {
    RootTasks helper = tasks;
    boolean urgent = troubles.stream().anyMatch(Trouble::urgent);
    long problems = troubles.stream().mapToLong(trouble -> trouble.troubles().size()).sum();
    return List.of(
        gauge(
            "himmelblau_sign_in_available",
            "Whether users can sign in, as aad-tool status says",
            !signIns.isEmpty() && !urgent),
        Metric.gauge(
            "himmelblau_troubles", "", "Problems that aad-tool status shows", (double) problems),
        gauge(
            "himmelblau_breakglass_active",
            "Whether cached passwords open because breakglass is active",
            policies.stream().anyMatch(policy -> policy.until().isPresent())),
        gauge(
            "himmelblau_root_helper_available",
            "Whether the root helper is connected, or ended because it had nothing to do",
            helper != null && helper.available()));
  }

  private static Metric gauge(String name, String help, boolean holds) {
    return Metric.gauge(name, "", help, holds ? 1 : 0);
  }
}
