package himmelblau.shell.internal;

/** What was asked for was not done; the message is for the administrator. */
final class PluginRefused extends Exception {
  private static final long serialVersionUID = 1L;

  PluginRefused(String message) {
    super(message);
  }
}
