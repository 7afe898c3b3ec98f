package himmelblau.testing.tenant.graph;

import himmelblau.testing.tenant.directory.Photos;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import java.util.Optional;

/** A picture as Graph hands it out. */
final class PhotoReply {
  private PhotoReply() {}

  static Reply of(
      Request request, Optional<User> user, String size, Photos photos, TenantClock clock) {
    return user.flatMap(found -> photos.get(found, size))
        .map(photo -> Reply.of(200, "image/jpeg", photo))
        .orElseGet(
            () -> GraphErrors.of(request, 404, "ImageNotFound", "The photo wasn't found.", clock));
  }
}
