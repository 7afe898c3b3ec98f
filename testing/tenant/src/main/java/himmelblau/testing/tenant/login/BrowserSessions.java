package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is signed in at the sign-in pages, by a cookie of the browser: the next application gets its
 * code without a question. A client that is no browser (it does not ask for HTML) has none.
 */
public final class BrowserSessions {
  private static final String COOKIE = "ESTSAUTH";
  private static final String ATTRIBUTES = "; path=/; secure; HttpOnly; SameSite=None";

  private record Session(Proof proof, Instant begun) {}

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final TokenPolicy policy;
  private final TenantClock clock;

  public BrowserSessions(TokenPolicy policy, TenantClock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  private static boolean browser(Request request) {
    return request.header("accept").filter(types -> types.contains("text/html")).isPresent();
  }

  /** The reply that ends a sign-in, with a cookie for the next one. */
  public Reply signedIn(Request request, Proof proof, Reply reply) {
    if (!browser(request)) {
      return reply;
    }
    String value = Grants.opaque(48);
    sessions.put(value, new Session(proof, clock.now()));
    return reply.with("Set-Cookie", COOKIE + "=" + value + ATTRIBUTES);
  }

  /** A session that still holds: its user and device are enabled, and nothing was revoked. */
  public Optional<Proof> of(Request request) {
    Session session = sessions.get(request.cookies().getOrDefault(COOKIE, ""));
    if (session == null || !browser(request)) {
      return Optional.empty();
    }
    try {
      policy.user(session.proof(), session.begun());
      return Optional.of(session.proof());
    } catch (Refusal refusal) {
      return Optional.empty();
    }
  }

  /** The reply to a sign-out. */
  public Reply signedOut(Request request, Reply reply) {
    sessions.remove(request.cookies().getOrDefault(COOKIE, ""));
    return reply.with("Set-Cookie", COOKIE + "=; Max-Age=0" + ATTRIBUTES);
  }
}
