package himmelblau.api.plugin;

import java.util.Comparator;
import java.util.Map;

/**
 * The place of a plug-in among others that serve the same name: the first one is used. As in OSGi
 * Core 8 section 5.2.5, a higher {@code service.ranking} comes first, then the one that was
 * registered earlier, so that a plug-in that is added later replaces nothing unless it says so.
 *
 * @param ranking {@code service.ranking}
 * @param service {@code service.id}
 */
public record PluginRank(int ranking, long service) implements Comparable<PluginRank> {
  private static final Comparator<PluginRank> ORDER =
      Comparator.comparingInt(PluginRank::ranking)
          .reversed()
          .thenComparingLong(PluginRank::service);

  /**
   * @param properties of the service; a ranking that is no {@code Integer} counts as 0, as the
   *     framework has it
   */
  public static PluginRank of(Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer set ? set : 0;
    long service = properties.get("service.id") instanceof Long id ? id : Long.MAX_VALUE;
    return new PluginRank(ranking, service);
  }

  @Override
  public int compareTo(PluginRank other) {
    return ORDER.compare(this, other);
  }
}
