package himmelblau.login.internal;

import java.util.ArrayList;
import java.util.List;

/** What stands between people and this host, for {@code aad-tool status}. */
final class Lacking {
  private Lacking() {}

  static List<String> of(Host host) {
    LoginSettings settings = host.settings();
    List<String> lacking = new ArrayList<>();
    if (settings.domains().isEmpty()) {
      lacking.add("Nobody can sign in: no domain is configured; set domain in himmelblau.conf");
    }
    for (String domain : settings.domains()) {
      if (host.domains().find(domain).isEmpty()) {
        lacking.add(
            "Nobody of "
                + domain
                + " can sign in: no bundle serves this domain now; see the log for why it did not"
                + " start");
      }
    }
    if (settings.hello() && host.hello().isEmpty()) {
      lacking.add("PINs do not work: the bundle himmelblau.hello is not running; start it");
    }
    List<String> gone = host.methods().gone();
    if (!gone.isEmpty()) {
      lacking.add(
          "These sign-in methods are switched off: "
              + String.join(", ", gone)
              + "; start their bundles");
    }
    return lacking;
  }
}
