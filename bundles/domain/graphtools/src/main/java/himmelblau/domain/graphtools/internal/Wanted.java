package himmelblau.domain.graphtools.internal;

import java.util.List;
import java.util.Optional;

/**
 * The token that a command needs.
 *
 * @param name {@code --name}: the user to sign in, or whose directory it is
 * @param clientId {@code --client-id}: the only application to use; empty where a command has no
 *     such option
 * @param candidates the applications to ask with for a user's token, in order
 */
record Wanted(
    Right right, Optional<String> name, Optional<String> clientId, List<Candidate> candidates) {
  Wanted {
    candidates = List.copyOf(candidates);
  }
}
