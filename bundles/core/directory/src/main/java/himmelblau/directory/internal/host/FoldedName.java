package himmelblau.directory.internal.host;

import java.text.Normalizer;
import java.util.Locale;

/** The form of a name for comparisons that ignore letter case and compatibility characters. */
public final class FoldedName {
  private FoldedName() {}

  public static String of(String name) {
    return Normalizer.normalize(name.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT);
  }
}
