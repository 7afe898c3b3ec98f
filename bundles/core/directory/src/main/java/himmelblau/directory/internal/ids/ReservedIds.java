package himmelblau.directory.internal.ids;

import java.util.List;
import java.util.Optional;

/** Ids that are reserved for the host. */
public final class ReservedIds {
  private record Window(IdRange range, String owner) {}

  private static final List<Window> WINDOWS =
      List.of(
          new Window(new IdRange(0, 999), "system accounts"),
          new Window(new IdRange(60_001, 65_535), "systemd and nobody"),
          new Window(new IdRange(0xFFFF_FFFFL, 0xFFFF_FFFFL), "not a valid id"));

  private ReservedIds() {}

  /** Who owns the id. */
  public static Optional<String> owner(long id) {
    if (id < 0 || id > 0xFFFF_FFFFL) {
      return Optional.of("nobody (ids have 32 bits)");
    }
    return touching(new IdRange(id, id));
  }

  /** Who owns some of the range. */
  public static Optional<String> touching(IdRange range) {
    return WINDOWS.stream()
        .filter(window -> window.range().overlaps(range))
        .map(window -> window.owner() + " (" + window.range() + ")")
        .findFirst();
  }
}
