package himmelblau.config.internal;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that was probably meant. */
final class ClosestName {
  private ClosestName() {}

  /** The name that {@code typed} was probably meant to be, if one is near. */
  static Optional<String> of(String typed, Collection<String> names) {
    int most = Math.max(2, typed.length() / 3);
    Optional<String> best = Optional.empty();
    for (String name : names) {
      int distance = distance(typed, name, most);
      if (distance <= most) {
        best = Optional.of(name);
        most = distance - 1;
      }
    }
    return best;
  }

  /** Edits (insert, delete, replace) from one to the other; more than {@code most} is inexact. */
  private static int distance(String one, String other, int most) {
    if (Math.abs(one.length() - other.length()) > most) {
      return most + 1;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
