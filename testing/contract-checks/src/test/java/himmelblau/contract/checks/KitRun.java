package himmelblau.contract.checks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
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
record KitRun(Set<String> all, Set<String> failed) {
  static KitRun of(Class<?> kit) {
    Set<String> all = new TreeSet<>();
    Set<String> failed = new TreeSet<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(kit)).build();
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
}
