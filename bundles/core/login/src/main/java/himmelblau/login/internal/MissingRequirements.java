package himmelblau.login.internal;

import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.ArrayList;
import java.util.List;

/** What prevents users from signing in to this host, for {@code aad-tool status}. */
final class MissingRequirements {
  private MissingRequirements() {}

  static List<String> of(SignInEnvironment environment) {
    LoginSettings settings = environment.settings();
    List<String> missing = new ArrayList<>();
    if (settings.domains().isEmpty()) {
      missing.add("Nobody can sign in: no domain is configured; set domain in himmelblau.conf");
    }
    for (String domain : settings.domains()) {
      if (environment.domains().find(domain).isEmpty()) {
        missing.add(
            "No user of "
                + domain
                + " can sign in: no bundle serves this domain now; the log says why it did not start");
      }
    }
    if (settings.hello() && environment.hello().isEmpty()) {
      missing.add("PINs do not work: the bundle himmelblau.hello is not running; start it");
    }
    List<String> gone = environment.methods().gone();
    if (!gone.isEmpty()) {
      missing.add(
          "These sign-in methods are switched off: "
              + String.join(", ", gone)
              + "; start their bundles");
    }
    return missing;
  }
}
