package himmelblau.testing.tenant.directory;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Switches of the service, each with a default that does what the real service is known to do. */
public final class Settings {
  private static final Map<String, String> DEFAULTS = new TreeMap<>();

  static {
    DEFAULTS.put("access-token-seconds", "4599");
    DEFAULTS.put("code-seconds", "600");
    DEFAULTS.put("device-code-interval", "5");
    DEFAULTS.put("device-code-seconds", "900");
    DEFAULTS.put("device-unknown-count", "0");
    DEFAULTS.put("flow-seconds", "600");
    DEFAULTS.put("gcm-responses", "false");
    DEFAULTS.put("kdf-v1", "true");
    DEFAULTS.put("kerberos-ad-key", "");
    DEFAULTS.put("kerberos-ad-realm", "");
    DEFAULTS.put("kerberos-fault", "");
    DEFAULTS.put("kerberos-kdc", "");
    DEFAULTS.put("kerberos-key", "");
    DEFAULTS.put("kerberos-key-version", "1");
    DEFAULTS.put("kerberos-names", ".windows.net,.windows.net:1433,.azure.net");
    DEFAULTS.put("kerberos-seconds", "36000");
    DEFAULTS.put("kmsi", "false");
    DEFAULTS.put("max-poll-attempts", "10");
    DEFAULTS.put("mfa", "always");
    DEFAULTS.put("mfa-at-prt", "false");
    DEFAULTS.put("mfa-for-portal", "true");
    DEFAULTS.put("mfa-fresh-seconds", "600");
    DEFAULTS.put("mfa-to-join", "true");
    DEFAULTS.put("nonce-seconds", "600");
    DEFAULTS.put("nonce-single-use", "true");
    DEFAULTS.put("passkey-support", "false");
    DEFAULTS.put("poll-interval-millis", "5000");
    DEFAULTS.put("proof-up-days", "-1");
    DEFAULTS.put("prt-seconds", "1209599");
    DEFAULTS.put("push-timeout-seconds", "60");
    DEFAULTS.put("refresh-token-seconds", "7776000");
    DEFAULTS.put("require-cookies", "true");
    DEFAULTS.put("require-device", "false");
  }

  private final Map<String, String> values = new ConcurrentHashMap<>();

  /**
   * Changes one switch.
   *
   * @throws IllegalArgumentException for an unknown name or a value of another kind than the
   *     default's
   */
  public void set(String name, String value) {
    String usual = DEFAULTS.get(name);
    if (usual == null) {
      throw new IllegalArgumentException(
          "no setting '" + name + "'; there are " + String.join(", ", DEFAULTS.keySet()));
    }
    boolean number = usual.matches("-?\\d+");
    boolean truth = usual.equals("true") || usual.equals("false");
    if ((number && !value.matches("-?\\d+"))
        || (truth && !value.matches("true|false"))
        || (name.equals("mfa") && !value.matches("always|never"))) {
      throw new IllegalArgumentException(
          "setting '" + name + "' does not take '" + value + "'; the default is " + usual);
    }
    values.put(name, value);
  }

  public Map<String, String> all() {
    Map<String, String> all = new TreeMap<>(DEFAULTS);
    all.putAll(values);
    return all;
  }

  public String text(String name) {
    String value = values.getOrDefault(name, DEFAULTS.get(name));
    if (value == null) {
      throw new IllegalArgumentException("no setting " + name);
    }
    return value;
  }

  public boolean on(String name) {
    return Boolean.parseBoolean(text(name));
  }

  public int number(String name) {
    return Integer.parseInt(text(name));
  }
}
