package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /fido/get}: the page that carries a challenge for a passkey. */
public final class FidoEndpoint {
  private final Flows flows;
  private final Pages pages;
  private final Credentials credentials;
  private final Directory directory;

  public FidoEndpoint(Flows flows, Pages pages, Credentials credentials, Directory directory) {
    this.flows = flows;
    this.pages = pages;
    this.credentials = credentials;
    this.directory = directory;
  }

  public List<Route> routes() {
    return List.of(
        Route.of(
            "POST",
            "/{tenant}/fido/get",
            (request, path) -> challenge(request),
            (request, refusal) ->
                pages.error(refusal, request.form().getOrDefault("correlationId", "unknown"))));
  }

  private Reply challenge(Request request) {
    Map<String, String> form = request.form();
    // Here the fields 'canary' and 'serverChallenge' hold the flow token.
    String token = form.getOrDefault("serverChallenge", form.getOrDefault("canary", ""));
    Flow flow = flows.find(token, form.getOrDefault("ctx", ""));
    Optional<User> user = flow.user().or(() -> directory.user(form.getOrDefault("username", "")));
    if (user.isEmpty() || credentials.passkeys(user.get()).isEmpty()) {
      throw Refusal.aadsts(500344, "The user account is not set up for sign-in with a passkey.");
    }
    String known = form.getOrDefault("credentialsJson", "");
    boolean offered =
        known.isEmpty()
            || Arrays.stream(known.split(","))
                .anyMatch(id -> credentials.passkey(user.get(), decode(id)).isPresent());
    if (!offered) {
      throw Refusal.aadsts(135010);
    }
    String challenge = "O." + Grants.opaque(24) + "." + Grants.opaque(32);
    flow.fidoChallenge(Optional.of(challenge));
    flow.allowList(Set.of(user.get().upn()));
    return pages.fidoChallenge(request, flow, challenge, form.getOrDefault("postBackUrl", ""));
  }

  private static byte[] decode(String id) {
    try {
      return Encoding.decode(id.replace("\"", "").replace("[", "").replace("]", "").strip());
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
