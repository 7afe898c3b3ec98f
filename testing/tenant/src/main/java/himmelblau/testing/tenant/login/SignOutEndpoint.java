package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.WebPage;
import java.util.List;

/** Ends the session of a browser, and leads back to the application if it is one that is known. */
public final class SignOutEndpoint {
  private final BrowserSessions sessions;
  private final Pages pages;

  public SignOutEndpoint(BrowserSessions sessions, Pages pages) {
    this.sessions = sessions;
    this.pages = pages;
  }

  public List<Route> routes() {
    Route.Refusals refusals = (request, refusal) -> pages.error(refusal, "unknown");
    return List.of(
        Route.of("GET", "/{tenant}/oauth2/logout", (request, path) -> out(request), refusals),
        Route.of("GET", "/{tenant}/oauth2/v2.0/logout", (request, path) -> out(request), refusals));
  }

  private Reply out(Request request) {
    String back = request.query().getOrDefault("post_logout_redirect_uri", "");
    Reply reply =
        Clients.redirectAllowed(List.of(ProtectedApp.SIGNED_OUT), back)
            ? Reply.redirect(back)
            : WebPage.reply("Sign out", "<h1 id=\"message\">You signed out of your account</h1>");
    return sessions.signedOut(request, reply);
  }
}
