package himmelblau.api.directory;

import java.util.List;

/** The gids of a user: the primary gid, and the supplementary gids without the primary one. */
public record Gids(long primary, List<Long> supplementary) {
  public Gids {
    supplementary = List.copyOf(supplementary);
  }
}
