package himmelblau.testing.framework;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;

/** Packages of which several jars hold classes. */
final class SplitPackages {
  private SplitPackages() {}

  static List<String> in(List<Path> jars) throws IOException {
    Map<String, Set<String>> homes = new TreeMap<>();
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.endsWith(".class") && name.contains("/"))
            .filter(name -> !name.startsWith("META-INF/"))
            .forEach(
                name ->
                    homes
                        .computeIfAbsent(
                            name.substring(0, name.lastIndexOf('/')), key -> new TreeSet<>())
                        .add(jar.getFileName().toString()));
      }
    }
    List<String> split = new ArrayList<>();
    homes.forEach(
        (name, from) -> {
          // OSGi's own service interfaces are exported by whoever implements them, all alike.
          if (from.size() > 1 && !name.startsWith("org/osgi/")) {
            split.add(name + " " + from);
          }
        });
    return split;
  }
}
