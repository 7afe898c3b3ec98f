package himmelblau.contract.checks.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.contract.checks.KitRun;
import himmelblau.contract.checks.mfa.MethodDefect.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is the same for both kits. */
abstract class MethodKitTest {
  // The kit makes its method itself, without a parameter.
  private static MethodDefect defect = MethodDefect.NONE;

  private final Class<?> kit;
  private final List<MethodDefect> defects;

  MethodKitTest(Class<?> kit, Kind kind) {
    this.kit = kit;
    this.defects =
        Arrays.stream(MethodDefect.values()).filter(each -> each.concerns(kind)).toList();
  }

  static MethodDefect defect() {
    return defect;
  }

  private KitRun run(MethodDefect next) {
    defect = next;
    return KitRun.of(kit);
  }

  @Test
  void aMethodWithoutADefectPasses() {
    assertEquals(Set.of(), run(MethodDefect.NONE).failed());
  }

  @TestFactory
  Stream<DynamicTest> aDefectIsNoticed() {
    return defects.stream()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> assertNoticed(each)));
  }

  private void assertNoticed(MethodDefect broken) {
    Set<String> failed = run(broken).failed();
    assertTrue(
        failed.contains(broken.noticedBy()), broken.noticedBy() + " passed; failed: " + failed);
  }

  @Test
  void eachDemandHasADefectThatBreaksIt() {
    Set<String> noticed =
        defects.stream()
            .map(MethodDefect::noticedBy)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(run(MethodDefect.NONE).all(), noticed);
  }
}
