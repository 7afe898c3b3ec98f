package himmelblau.config.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A set of configuration places below a temporary directory. */
record ConfigFixture(Path root) {
  Path vendor() {
    return root.resolve("usr/himmelblau.conf");
  }

  Path ephemeral() {
    return root.resolve("run/himmelblau.conf");
  }

  Path administrator() {
    return root.resolve("etc/himmelblau.conf");
  }

  Path written() {
    return root.resolve("cache/himmelblau.conf");
  }

  Layers layers() {
    return new Layers(List.of(vendor(), ephemeral(), administrator()), written());
  }

  Path put(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  Path dropIn(Path main, String name, String text) throws IOException {
    return put(Layers.dropIns(main).resolve(name), text);
  }

  EffectiveConfig read() throws ConfigException {
    return read(ShippedOptions.catalog());
  }

  /** With other options than those of the shipped bundles. */
  EffectiveConfig read(OptionCatalog options) throws ConfigException {
    return new ConfigReader(layers(), Map.of(), () -> options).read();
  }

  /** With {@code text} as the administrator's file. */
  EffectiveConfig read(String text) throws Exception {
    put(administrator(), text);
    return read();
  }
}
