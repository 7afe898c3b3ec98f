package himmelblau.api.hsm;

import java.util.List;

/**
 * The state of a key store, for {@code aad-tool tpm}.
 *
 * @param usable whether keys can be made and used now
 * @param summary one line: what it is, or why it is not usable and what to do
 * @param details further lines: manufacturer, firmware, lockout state and how long it lasts
 */
public record KeyStoreInfo(boolean usable, String summary, List<String> details) {
  public KeyStoreInfo {
    details = List.copyOf(details);
  }
}
