package himmelblau.api.login;

import java.util.Map;

/**
 * How a PAM call ended.
 *
 * @param code what the application gets
 * @param account the name, as NSS shows it, of the account that signed in; empty unless the call
 *     was an authentication that succeeded
 * @param environment for the session; never a secret
 */
public record SignInResult(PamCode code, String account, Map<String, String> environment) {
  public SignInResult {
    environment = Map.copyOf(environment);
  }

  public static SignInResult of(PamCode code) {
    return new SignInResult(code, "", Map.of());
  }
}
