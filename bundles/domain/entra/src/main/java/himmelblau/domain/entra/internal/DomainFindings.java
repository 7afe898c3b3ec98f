package himmelblau.domain.entra.internal;

import himmelblau.api.log.Log;
import himmelblau.api.status.OptionFindings;
import himmelblau.domain.entra.internal.wire.AadstsError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Problems of a domain that an administrator has to repair. Thread-safe. */
final class DomainFindings implements OptionFindings {
  private static final Log LOG = Log.of(DomainFindings.class);
  private static final Integer[] NO_SUCH_APPLICATION = {700016};

  /** Names of options; their values do not work. */
  static final String APP_ID = "app_id";

  static final String LOGON_TOKEN_APP_ID = "logon_token_app_id";

  /** A problem that no option has caused. */
  static final String TENANT = "tenant";

  private final String domain;
  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final Map<String, OptionFinding> options = new ConcurrentHashMap<>();

  DomainFindings(String domain) {
    this.domain = domain;
  }

  /** Whether it is new. */
  boolean found(String what, String text) {
    return !text.equals(texts.put(what, text));
  }

  /**
   * The tenant does not know the application that an option names.
   *
   * @param error what the tenant said; anything else is no finding
   * @param effect what does not work
   * @return whether the tenant said that
   */
  boolean unknownApplication(AadstsError error, String option, String app, String effect) {
    if (!error.has(NO_SUCH_APPLICATION)) {
      return false;
    }
    String text =
        option
            + " = "
            + app
            + " of "
            + domain
            + " is not known to its tenant (AADSTS700016), so "
            + effect
            + ": register the application in the tenant, or correct or remove the option";
    OptionFinding finding = new OptionFinding(domain, option, text);
    if (!finding.equals(options.put(option, finding))) {
      LOG.error("entra.app_id.unknown", null, "reason", text);
    }
    return true;
  }

  void mended(String what) {
    texts.remove(what);
    options.remove(what);
  }

  /** What is not about an option. */
  List<String> all() {
    return List.copyOf(new TreeMap<>(texts).values());
  }

  @Override
  public List<OptionFinding> findings() {
    return List.copyOf(new TreeMap<>(options).values());
  }
}
