package himmelblau.shell.internal;

import java.util.ArrayList;
import java.util.List;

/** Immutable lists; adding or removing returns a new list. */
final class Snapshots {
  private Snapshots() {}

  static <T> List<T> with(List<T> list, T more) {
    List<T> next = new ArrayList<>(list);
    next.add(more);
    return List.copyOf(next);
  }

  static <T> List<T> without(List<T> list, T gone) {
    return list.stream().filter(each -> each != gone).toList();
  }
}
