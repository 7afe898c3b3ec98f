package himmelblau.audit.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the first event of each conversation says about where it comes from. Bounded: of more than
 * {@value #MOST} the one that was asked for least recently is forgotten. For one thread.
 */
final class Conversations {
  private static final String BEGIN = "login.start";
  private static final String ID = "conversation";
  private static final int MOST = 1024;

  private final Map<String, LogEvent> begun =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LogEvent> eldest) {
          return size() > MOST;
        }
      };

  /** Notes the event if it begins a conversation. */
  void note(LogEvent event) {
    if (event.name().equals(BEGIN)) {
      event.field(ID).ifPresent(id -> begun.put(id, event));
    }
  }

  /** The first event of the conversation that this one belongs to. */
  Optional<LogEvent> begin(LogEvent event) {
    return event.field(ID).flatMap(id -> Optional.ofNullable(begun.get(id)));
  }
}
