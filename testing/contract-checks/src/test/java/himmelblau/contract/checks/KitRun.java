package himmelblau.contract.checks;

import static org.junit.platform.engine.FilterResult.includedIf;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The tests of a kit that were run on one plug-in.
 *
 * @param all names of the test methods
 * @param failed those that did not pass
 */
public record KitRun(Set<String> all, Set<String> failed) {
  /** All tests of the kit. */
  public static KitRun of(Class<?> kit) {
    return of(kit, "");
  }

  /** The tests of that name only; an empty name stands for all. */
  public static KitRun of(Class<?> kit, String only) {
    Set<String> all = new TreeSet<>();
    Set<String> failed = new TreeSet<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(kit))
            .filters((PostDiscoveryFilter) test -> includedIf(only.isEmpty() || is(test, only)))
            .build();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.getSource().orElse(null) instanceof MethodSource method) {
                  all.add(method.getMethodName());
                  if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failed.add(method.getMethodName());
                  }
                }
              }
            });
    return new KitRun(all, failed);
  }

  private static boolean is(TestDescriptor test, String name) {
    return test.getSource().orElse(null) instanceof MethodSource method
        && method.getMethodName().equals(name);
  }
}
