package himmelblau.userdb.internal;

import java.io.IOException;

/** What a peer sent is no Varlink call. It is disconnected; the message never quotes the bytes. */
final class Malformed extends IOException {
  private static final long serialVersionUID = 1L;

  Malformed(String message) {
    super(message);
  }
}
