package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.hello.Origin;
import himmelblau.api.login.SignInRequest;
import java.util.Optional;

/** From where somebody tries a PIN. */
final class Origins {
  private Origins() {}

  /**
   * @param account as this host knows it
   */
  static Origin of(SignInRequest request, LoginSettings settings, Optional<Account> account) {
    if (PamContexts.of(request, settings).remote()) {
      return Origin.REMOTE;
    }
    // Nobody but root calls PAM as root without a remote host: login and greeters on this machine.
    boolean own =
        request.caller() == 0
            || account.filter(known -> known.passwd().uid() == request.caller()).isPresent();
    return own ? Origin.OWN : Origin.OTHER_USER;
  }
}
