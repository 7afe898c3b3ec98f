package himmelblau.socket.internal;

import himmelblau.api.login.SignInRequest;
import java.util.Map;

/**
 * The locale for a conversation. sshd removes its environment, and so its locale, before it calls
 * PAM: a user of another host then gets the locale of this host, which systemd gives the daemon. A
 * local program without a locale is left without: systemd removes it for consoles, which cannot
 * show every script.
 */
final class HostLocale {
  private final String host;

  /**
   * @param environment of the daemon: its starter keeps the locale in a variable of its own,
   *     because Java itself needs another one
   */
  HostLocale(Map<String, String> environment) {
    this.host = environment.getOrDefault("HIMMELBLAU_LOCALE", "");
  }

  /** Empty: English. */
  String of(SignInRequest request) {
    boolean remote = !request.rhost().isEmpty();
    return request.locale().isEmpty() && remote ? host : request.locale();
  }
}
