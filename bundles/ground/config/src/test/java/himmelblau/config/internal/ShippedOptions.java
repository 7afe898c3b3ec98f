package himmelblau.config.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The options of the core and those that the bundles of this repository declare. */
final class ShippedOptions {
  static final Path ROOT = Path.of("../../..");
  private static final Path RESOURCES = Path.of("src/main/resources");

  private ShippedOptions() {}

  static OptionCatalog catalog() {
    return OptionCatalog.of(files());
  }

  static List<DeclarationFile> files() {
    return bundles().stream()
        .map(
            bundle ->
                new DeclarationFile(
                    bundle.getFileName().toString(), () -> read(declarations(bundle))))
        .toList();
  }

  /** The folders of the bundles that declare options. */
  static List<Path> bundles() {
    try (Stream<Path> folders = Files.find(ROOT.resolve("bundles"), 2, (p, a) -> a.isDirectory())) {
      return folders.filter(folder -> Files.exists(declarations(folder))).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path declarations(Path bundle) {
    return bundle.resolve(RESOURCES).resolve(DeclarationFile.PATH);
  }

  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return DeclarationFile.limited(in);
    }
  }
}
