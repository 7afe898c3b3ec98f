package himmelblau.tasks.subid.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.tasks.subid.internal.SubidRanges.Taken;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubidRangesTest {
  /** Rows 34 to 38 of host-behaviour 4.9. */
  @ParameterizedTest
  @CsvSource({
    "'', 3249566976",
    "user@example.com, 3312284928",
    "USER@EXAMPLE.COM, 3312284928",
    "tux@contoso.onmicrosoft.com, 4151342336",
    "admin@contoso.onmicrosoft.com, 3473962240",
    "user02, 2509600000"
  })
  void keepsTheKnownStarts(String name, long start) {
    assertEquals(start, SubidRanges.of("2100000000-4200000000").preferred(name));
  }

  @ParameterizedTest
  @CsvSource({
    "100000-165536, 100000",
    "100000-165535, 100000",
    "100000-231072, 100000",
    "2000-1000, 2000"
  })
  void keepsTheKnownEdges(String range, long start) {
    assertEquals(start, SubidRanges.of(range).preferred("user@example.com"));
  }

  @Test
  void takesTheNextSlotThatIsFree() {
    SubidRanges slots = new SubidRanges(100_000, 100_000 + 3 * SubidRanges.COUNT);
    long first = slots.preferred("x");
    long second = first == 100_000 + 2 * SubidRanges.COUNT ? 100_000 : first + SubidRanges.COUNT;
    assertEquals(first, slots.free("x", List.of()).orElseThrow());
    assertEquals(second, slots.free("x", List.of(new Taken(first, 1))).orElseThrow());
    assertEquals(
        second,
        slots.free("x", List.of(new Taken(first + SubidRanges.COUNT - 1, 1))).orElseThrow());
    assertTrue(slots.free("x", List.of(new Taken(0, 1 << 30))).isEmpty());
  }
}
