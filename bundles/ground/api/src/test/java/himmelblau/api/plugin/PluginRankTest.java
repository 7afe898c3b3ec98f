package himmelblau.api.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PluginRankTest {
  @Test
  void aHigherRankingIsUsedFirstAndThenTheEarlierService() {
    PluginRank low = rank(-1, 2);
    PluginRank early = rank(0, 3);
    PluginRank late = rank(0, 7);
    PluginRank high = rank(5, 9);
    assertEquals(
        List.of(high, early, late, low), Stream.of(late, low, high, early).sorted().toList());
  }

  @Test
  void aRankingThatIsNoIntegerIsNone() {
    assertEquals(
        new PluginRank(0, 4), PluginRank.of(Map.of("service.ranking", "100", "service.id", 4L)));
    assertEquals(new PluginRank(0, Long.MAX_VALUE), PluginRank.of(Map.of()));
  }

  private static PluginRank rank(int ranking, long service) {
    return PluginRank.of(Map.of("service.ranking", ranking, "service.id", service));
  }
}
