package himmelblau.api.directory;

import java.util.List;

/** A user's groups by number: the primary gid and the supplementary ones (without the primary). */
public record Gids(long primary, List<Long> supplementary) {
  public Gids {
    supplementary = List.copyOf(supplementary);
  }
}
