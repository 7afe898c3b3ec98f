package himmelblau.shell.internal;

/** What users can no longer do without a plug-in. */
final class Consequence {
  static final String MFA = "mfa method";
  static final String KEY_STORE = "key store";
  static final String DOMAIN = "domain";

  private Consequence() {}

  /**
   * In sentences.
   *
   * @param last whether no other plug-in of its kind is active
   */
  static String of(Plugin plugin, boolean last) {
    return switch (plugin.kind()) {
      case MFA ->
          last
              ? "It is the last MFA method: nobody can sign in with a second factor, and so nobody"
                  + " can set up a PIN. PINs that are set up go on."
              : "Users are not offered "
                  + plugin.name()
                  + ". Those who have no other method cannot sign in with a second factor.";
      case KEY_STORE ->
          "If the keys of this host are in it (aad-tool tpm), nobody can sign in until it is back."
              + (last ? " It is the last key store." : "");
      case DOMAIN ->
          "Users of "
              + plugin.name()
              + " cannot sign in until it is back. Names that are known stay."
              + (last ? " It is the last domain: nobody can sign in but local users." : "");
      default ->
          "It lets nobody in during an outage any more, also if it is active now."
              + (last ? " It is the last breakglass policy." : "");
    };
  }

  /** Whether only a second word of the administrator does it. */
  static boolean grave(Plugin plugin, boolean last) {
    return last || plugin.kind().equals(KEY_STORE) || plugin.kind().equals(DOMAIN);
  }
}
