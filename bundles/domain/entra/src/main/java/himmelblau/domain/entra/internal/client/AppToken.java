package himmelblau.domain.entra.internal.client;

import himmelblau.api.secret.Secret;

/**
 * A token of the application for Graph.
 *
 * @param access closed with this
 * @param users whether it may read users
 * @param groups whether it may read groups
 */
public record AppToken(Secret access, boolean users, boolean groups) implements AutoCloseable {
  AppToken copy() {
    return new AppToken(access.copy(), users, groups);
  }

  /** A copy that may read less. */
  AppToken without(boolean theseUsers) {
    return new AppToken(access.copy(), users && !theseUsers, groups && theseUsers);
  }

  @Override
  public void close() {
    access.close();
  }
}
