package himmelblau.domain.entra.internal.graph;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Requests an object from Graph, or a collection page by page. Thread-safe. */
final class GraphCaller {
  static final String WHAT = "Microsoft Graph";

  /** A page of 999 users with every property that the beta version knows. */
  private static final int LARGEST_PAGE = 24 << 20;

  private final DomainHttp web;
  private final URI base;
  private final GraphRetry retry;

  GraphCaller(DomainHttp web, URI base, GraphRetry retry) {
    this.web = web;
    this.base = base;
    this.retry = retry;
  }

  /** One object. */
  Json object(String path, Secret token) throws DomainUnavailable, GraphRefused {
    HttpCall call = call(base.resolve(path), token);
    return Json.parse(ok(call).body(), WHAT + "'s reply");
  }

  /**
   * One page of a collection, each object handed over as it is read. Pages are fetched from the
   * host that everything is fetched from, which alone may see the token.
   *
   * @param path of the first page, or the link that the page before gave
   * @return the link to the next page
   */
  Optional<String> page(String path, Secret token, Consumer<Json> each)
      throws DomainUnavailable, GraphRefused {
    URI uri = DomainHttp.https(base, path, WHAT + "'s next page");
    if (!uri.getAuthority().equalsIgnoreCase(base.getAuthority())) {
      throw new DomainUnavailable(Kind.PROTOCOL, WHAT + "'s next page is on another host");
    }
    HttpReply reply = ok(call(uri, token).upTo(LARGEST_PAGE));
    return Json.collection(reply.body(), WHAT + "'s page", each);
  }

  private HttpCall call(URI uri, Secret token) {
    return HttpCall.get(uri)
        .header("Authorization", "Bearer " + token.revealText())
        .header("Accept", "application/json")
        .header("ConsistencyLevel", "eventual")
        .header("x-ms-throttle-priority", retry.priority().name().toLowerCase(Locale.ROOT));
  }

  private HttpReply ok(HttpCall call) throws DomainUnavailable, GraphRefused {
    for (int tried = 1; ; tried++) {
      retry.before();
      HttpReply reply = web.send(call);
      if (reply.ok()) {
        return reply;
      }
      if (GraphRetry.busy(reply)) {
        Optional<Duration> wait = retry.after(reply, tried);
        if (wait.isPresent()) {
          DomainHttp.pause(wait.get());
          continue;
        }
      }
      DomainHttp.working(reply, WHAT);
      throw new GraphRefused(reply.status());
    }
  }
}
