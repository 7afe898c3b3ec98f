package himmelblau.login.internal.environment;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.plugin.PluginRank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The installed breakglass policies, which may be added and removed at any time. Of several with
 * one trigger only the first is in use; the others are told so, so that nothing of theirs is active
 * when they are in use again. Readers use an immutable snapshot and take no lock. Thread-safe.
 */
public final class BreakglassPolicies {
  private List<Entry> entries = List.of();
  private volatile List<BreakglassPolicy> inUse = List.of();

  private record Entry(BreakglassPolicy policy, Set<String> triggers, PluginRank rank) {}

  /** Adds a policy. */
  public synchronized void add(BreakglassPolicy policy, List<String> triggers, PluginRank rank) {
    List<Entry> next = new ArrayList<>(entries);
    next.add(new Entry(policy, Set.copyOf(triggers), rank));
    next.sort(Comparator.comparing(Entry::rank));
    choose(next);
  }

  /** Removes a policy. */
  public synchronized void remove(BreakglassPolicy policy) {
    choose(entries.stream().filter(entry -> entry.policy() != policy).toList());
  }

  /** Those that are asked. */
  public List<BreakglassPolicy> inUse() {
    return inUse;
  }

  private void choose(List<Entry> next) {
    List<BreakglassPolicy> chosen = new ArrayList<>();
    List<BreakglassPolicy> superseded = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Entry entry : next) {
      boolean first = entry.triggers().stream().noneMatch(taken::contains);
      (first ? chosen : superseded).add(entry.policy());
      if (first) {
        taken.addAll(entry.triggers());
      }
    }
    entries = List.copyOf(next);
    inUse = List.copyOf(chosen);
    superseded.forEach(BreakglassPolicy::superseded);
  }
}
