package himmelblau.shell.internal;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Gogo's {@code start} accepts numbers and locations only, unlike {@code stop}; this replaces a
 * symbolic name by the number of the bundle.
 */
final class BundleNames {
  private final BundleContext context;

  BundleNames(BundleContext context) {
    this.context = context;
  }

  /** The line as Gogo understands it. */
  String resolve(String line) {
    String[] words = line.strip().split("\\s+");
    if (!words[0].equals("start") && !words[0].equals("felix:start")) {
      return line;
    }
    return Arrays.stream(words).map(this::number).collect(Collectors.joining(" "));
  }

  private String number(String word) {
    for (Bundle bundle : context.getBundles()) {
      if (word.equals(bundle.getSymbolicName())) {
        return Long.toString(bundle.getBundleId());
      }
    }
    return word;
  }
}
