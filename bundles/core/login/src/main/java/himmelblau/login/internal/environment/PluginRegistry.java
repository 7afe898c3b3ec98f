package himmelblau.login.internal.environment;

import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.plugin.PluginRank;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.StepConversation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Plug-ins of one kind, which may be added and removed at any time. Readers use an immutable
 * snapshot and take no lock; a plug-in that was removed recently is remembered, because it is
 * probably being replaced.
 */
public final class PluginRegistry<T> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration SILENCE = Duration.ofMillis(500); // before the user is told
  private static final Duration YOUTH = Duration.ofSeconds(10); // bundles start one by one

  private static final Log LOG = Log.of(PluginRegistry.class);

  private final LongSupplier nanos;
  private final BiPredicate<T, String> alsoKnownAs;
  private final Map<String, Long> departed = new ConcurrentHashMap<>();
  private final long born;
  private volatile List<Entry<T>> entries = List.of();
  private volatile boolean used;
  private boolean frozen;

  private record Entry<T>(List<String> ids, T plugin, PluginRank rank) {}

  /**
   * @param alsoKnownAs whether a plug-in serves an id that it was not registered under
   */
  public PluginRegistry(LongSupplier nanos, BiPredicate<T, String> alsoKnownAs) {
    this.nanos = nanos;
    this.born = nanos.getAsLong();
    this.alsoKnownAs = alsoKnownAs;
  }

  /**
   * Adds a plug-in. For an id that several serve, the one with the first rank is used; the others
   * are used for their other ids, and for this one as soon as it is gone.
   */
  public synchronized void add(T plugin, List<String> ids, PluginRank rank) {
    List<Entry<T>> next = new ArrayList<>(entries);
    next.add(new Entry<>(List.copyOf(ids), plugin, rank));
    next.sort(Comparator.comparing(Entry::rank));
    entries = List.copyOf(next);
    used = true;
    for (String id : ids) {
      long serving = next.stream().filter(entry -> entry.ids().contains(id)).count();
      if (serving > 1) {
        String first = find(id).map(one -> one.getClass().getName()).orElse("");
        LOG.warn("login.plugin.several", "id", id, "plugins", serving, "used", first);
      }
    }
  }

  /** Nothing was registered yet, because the daemon has just been started. */
  public boolean starting() {
    return !used && nanos.getAsLong() - born < YOUTH.toNanos();
  }

  /** From now on nothing is removed: conversations that still use this registry finish with it. */
  public synchronized void freeze() {
    frozen = true;
  }

  public synchronized void remove(T plugin) {
    if (frozen) {
      return;
    }
    List<Entry<T>> next = new ArrayList<>();
    for (Entry<T> entry : entries) {
      if (entry.plugin() == plugin) {
        entry.ids().forEach(id -> departed.put(id, nanos.getAsLong()));
      } else {
        next.add(entry);
      }
    }
    entries = List.copyOf(next);
  }

  public Optional<T> find(String id) {
    List<Entry<T>> now = entries;
    for (Entry<T> entry : now) {
      if (entry.ids().contains(id)) {
        return Optional.of(entry.plugin());
      }
    }
    return now.stream().map(Entry::plugin).filter(p -> alsoKnownAs.test(p, id)).findFirst();
  }

  /** Those that are there now, each once. */
  public List<T> all() {
    return entries.stream().map(Entry::plugin).distinct().toList();
  }

  /** Ids served now, and those whose plug-in was removed less than {@code grace} ago. */
  public Set<String> ids(Duration grace) {
    Set<String> ids = new HashSet<>();
    entries.forEach(entry -> ids.addAll(entry.ids()));
    departed.keySet().stream().filter(id -> departing(id, grace)).forEach(ids::add);
    return ids;
  }

  /** Ids that were served since the start and are not now, sorted. */
  public List<String> gone() {
    return departed.keySet().stream()
        .filter(id -> find(id).isEmpty())
        .sorted(String.CASE_INSENSITIVE_ORDER)
        .toList();
  }

  boolean departing(String id, Duration grace) {
    Long since = departed.get(id);
    return since != null && nanos.getAsLong() - since < grace.toNanos();
  }

  /** Finds a plug-in, waiting for one that is being replaced; tells the user about the wait. */
  public Optional<T> await(String id, boolean expected, Duration atMost, StepConversation with)
      throws ConversationClosed {
    Optional<T> found = find(id);
    if (found.isPresent() || !(expected || departing(id, atMost))) {
      return found;
    }
    Duration waited = Duration.ZERO;
    while (found.isEmpty() && waited.compareTo(atMost) < 0) {
      if (waited.equals(SILENCE)) {
        with.say(PromptTexts.REPLACING);
      }
      with.pause(LOOK_AGAIN);
      waited = waited.plus(LOOK_AGAIN);
      found = find(id);
    }
    return found;
  }

  /** One or several words of a service property, as they are. */
  public static List<String> words(@Nullable Object property) {
    if (property instanceof String[] several) {
      return List.of(several);
    }
    return property instanceof String one ? List.of(one) : List.of();
  }

  /** Lower case, for domains. */
  public static List<String> lowered(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }
}
