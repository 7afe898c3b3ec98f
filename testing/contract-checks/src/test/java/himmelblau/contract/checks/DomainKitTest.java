package himmelblau.contract.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.contract.domain.DomainContract;
import himmelblau.contract.domain.DomainFixture;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each demand of the kit fails for a provider that breaks it. */
class DomainKitTest {
  private static Defect defect = Defect.NONE;

  /** The kit on a provider in memory. */
  static class OnMemory extends DomainContract {
    @Override
    protected DomainFixture fixture() {
      return new MemoryFixture(defect);
    }

    @Override
    protected Duration atMost() {
      return Duration.ofSeconds(2);
    }
  }

  private static KitRun run(Defect next) {
    defect = next;
    return KitRun.of(OnMemory.class);
  }

  @Test
  void aProviderWithoutADefectPasses() {
    assertEquals(Set.of(), run(Defect.NONE).failed());
  }

  @ParameterizedTest
  @EnumSource(value = Defect.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDefectIsNoticed(Defect broken) {
    Set<String> failed = run(broken).failed();
    assertTrue(
        failed.contains(broken.noticedBy()), broken.noticedBy() + " passed; failed: " + failed);
  }

  @Test
  void eachDemandHasADefectThatBreaksIt() {
    Set<String> noticed =
        Arrays.stream(Defect.values())
            .filter(each -> each != Defect.NONE)
            .map(Defect::noticedBy)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(run(Defect.NONE).all(), noticed);
  }
}
