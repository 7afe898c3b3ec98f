package himmelblau.userdb.internal;

import java.io.IOException;

/**
 * A message that is not a Varlink call. The peer is disconnected; the exception never quotes the
 * bytes.
 */
final class MalformedCall extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedCall(String message) {
    super(message);
  }
}
