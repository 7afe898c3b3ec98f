package himmelblau.domain.entra.internal.client;

import himmelblau.api.secret.Secret;

/**
 * A token of the application's own for Graph.
 *
 * @param access closed with this
 * @param people whether it may read people
 * @param groups whether it may read groups
 */
public record AppToken(Secret access, boolean people, boolean groups) implements AutoCloseable {
  AppToken copy() {
    return new AppToken(access.copy(), people, groups);
  }

  /** A copy that may read less. */
  AppToken without(boolean thesePeople) {
    return new AppToken(access.copy(), people && !thesePeople, groups && thesePeople);
  }

  @Override
  public void close() {
    access.close();
  }
}
