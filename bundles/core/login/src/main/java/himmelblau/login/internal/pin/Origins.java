package himmelblau.login.internal.pin;

import himmelblau.api.directory.Account;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.login.SignInRequest;
import himmelblau.login.internal.conversation.PamContexts;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.Optional;

/** Determines the origin of a PIN attempt. */
public final class Origins {
  private Origins() {}

  /**
   * @param account as this host knows it
   */
  public static PinOrigin of(
      SignInRequest request, LoginSettings settings, Optional<Account> account) {
    if (PamContexts.of(request, settings).remote()) {
      return PinOrigin.REMOTE;
    }
    // Only root calls PAM as root without a remote host: login and greeters on this machine.
    boolean own =
        request.caller() == 0
            || account.filter(known -> known.passwd().uid() == request.caller()).isPresent();
    return own ? PinOrigin.OWN : PinOrigin.OTHER_USER;
  }
}
