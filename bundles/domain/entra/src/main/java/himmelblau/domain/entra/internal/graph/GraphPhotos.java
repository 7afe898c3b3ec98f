package himmelblau.domain.entra.internal.graph;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads the picture of a user from Microsoft Graph (entra-hello-graph 2.6). Thread-safe. */
public final class GraphPhotos {
  private static final String WHAT = "Microsoft Graph";

  /** The picture as it is, then smaller ones. */
  private static final List<String> SIZES =
      List.of("photo/$value", "photos/240x240/$value", "photos/96x96/$value");

  private static final int NOT_FOUND = 404;

  private final DomainHttp web;
  private final URI me;

  /**
   * @param base of Graph
   */
  public GraphPhotos(DomainHttp web, String base) {
    this.web = web;
    this.me = URI.create(base + "/v1.0/me/");
  }

  /**
   * The picture of the user of {@code token} (borrowed), in the largest size of at most {@code
   * most} bytes.
   *
   * @return empty when there is none
   */
  public Optional<byte[]> of(Secret token, int most) throws DomainUnavailable {
    for (String size : SIZES) {
      HttpReply reply =
          DomainHttp.working(
              web.send(
                  HttpCall.get(me.resolve(size))
                      .header("Authorization", "Bearer " + token.revealText())),
              WHAT);
      if (reply.status() == NOT_FOUND) {
        return Optional.empty();
      }
      if (!reply.ok()) {
        throw new DomainUnavailable(
            DomainUnavailable.Kind.PROTOCOL,
            WHAT + " refused a picture with status " + reply.status());
      }
      if (reply.body().length <= most) {
        return Optional.of(reply.body());
      }
    }
    return Optional.empty();
  }
}
