package himmelblau.domain.entra.internal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Problems of a domain that an administrator has to repair. Thread-safe. */
final class DomainFindings {
  static final String APP_ID = "app_id";
  static final String TENANT = "tenant";

  private final Map<String, String> texts = new ConcurrentHashMap<>();

  /** Whether it is new. */
  boolean found(String what, String text) {
    return !text.equals(texts.put(what, text));
  }

  void mended(String what) {
    texts.remove(what);
  }

  List<String> all() {
    return List.copyOf(new TreeMap<>(texts).values());
  }
}
