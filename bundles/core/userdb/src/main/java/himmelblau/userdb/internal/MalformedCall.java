package himmelblau.userdb.internal;

import java.io.IOException;

/** What a peer sent is no Varlink call. It is disconnected; the message never quotes the bytes. */
final class MalformedCall extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedCall(String message) {
    super(message);
  }
}
