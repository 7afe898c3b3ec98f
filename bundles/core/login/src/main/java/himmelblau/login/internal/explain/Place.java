package himmelblau.login.internal.explain;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest;
import himmelblau.login.internal.conversation.PamContexts;
import himmelblau.login.internal.pin.Origins;
import himmelblau.login.internal.service.LoginService;
import himmelblau.login.internal.service.LoginServices;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.Optional;
import java.util.Set;

/**
 * Where the user would sign in, decided by the same rules as a sign-in that root's program begins.
 *
 * @param service what the program can show and ask
 */
record Place(LoginService service, boolean remote, PinOrigin origin) {
  private static final Peer ROOT = new Peer(0, 0, 0);

  /** Of the addresses for documentation (RFC 5737). */
  private static final String OTHER_HOST = "192.0.2.1";

  static Place of(ExplainRequest request, LoginSettings settings) {
    SignInRequest call =
        new SignInRequest(
            ROOT,
            request.typed(),
            request.service(),
            "",
            request.otherHost() ? OTHER_HOST : "",
            Set.of(),
            false,
            "",
            Optional.empty());
    return new Place(
        LoginServices.of(request.service()),
        PamContexts.of(call, settings).remote(),
        Origins.of(call, settings, Optional.empty()));
  }
}
