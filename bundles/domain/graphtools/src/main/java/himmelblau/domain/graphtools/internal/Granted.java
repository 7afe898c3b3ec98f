package himmelblau.domain.graphtools.internal;

import himmelblau.api.secret.Secret;

/**
 * A token for Graph.
 *
 * @param token closed with this
 * @param clientId the application that it was issued to
 * @param application whether it is the application's own, not a user's
 */
record Granted(Secret token, String clientId, boolean application) implements AutoCloseable {
  @Override
  public void close() {
    token.close();
  }
}
