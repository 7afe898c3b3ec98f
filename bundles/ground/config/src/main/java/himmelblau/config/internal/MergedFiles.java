package himmelblau.config.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All files, merged key by key.
 *
 * @param sections by name, in order of appearance; each by key
 * @param files what was read, in order
 * @param warnings about what was left out
 */
record MergedFiles(
    Map<String, Map<String, Setting>> sections, List<Path> files, List<String> warnings) {
  static final String GLOBAL = "global";
  static final String BREAKGLASS = "offline_breakglass";

  /** A file larger than this is not a configuration. */
  static final int MOST_BYTES = 1 << 20;

  /** All that the daemon itself may set (host-behaviour 1.1, rule 5). */
  private static final Set<String> WRITTEN_KEYS =
      Set.of(
          "authority_host",
          "tenant_id",
          "graph_url",
          "domain_aliases",
          "device_id",
          "intune_device_id");

  static MergedFiles read(Layers layers) throws ConfigException {
    Layers.Found found = layers.find();
    if (!found.any()) {
      throw new ConfigException(
          "No configuration found: none of "
              + layers.mains()
              + " exists, and no drop-in. Create "
              + layers.mains().getLast()
              + " with [global] and domain = YOUR.DOMAIN in it.");
    }
    return empty().with(found);
  }

  /** With a file that is not in its place yet as the main file. */
  static MergedFiles read(Layers layers, CandidateFile main) throws ConfigException {
    MergedFiles merged = empty();
    merged.add(main.name(), main.content(), false); // empty: it hides the main files below it
    return merged.with(layers.findDropIns());
  }

  private static MergedFiles empty() {
    return new MergedFiles(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
  }

  private MergedFiles with(Layers.Found found) throws ConfigException {
    for (Path file : found.effective()) {
      add(file, bytes(file), false);
    }
    if (found.written().isPresent()) {
      add(found.written().get(), bytes(found.written().get()), true);
    }
    return this;
  }

  private void add(Path file, byte[] bytes, boolean written) throws ConfigException {
    Ini.Content content = Ini.parse(file, bytes);
    files.add(file);
    for (String section : content.sections()) {
      if (!written && !section.equals(Ini.NO_SECTION)) {
        sections.computeIfAbsent(section, s -> new LinkedHashMap<>());
      }
    }
    for (Setting setting : content.settings()) {
      if (setting.section().equals(Ini.NO_SECTION)) {
        warnings.add(
            setting.where()
                + ": "
                + QuotedText.of(setting.key())
                + " is before the first section and is ignored; move it below [global]");
      } else if (written && !mayWrite(setting)) {
        warnings.add(
            setting.where()
                + ": the file written by the daemon may not set "
                + QuotedText.of(setting.key())
                + "; ignored");
      } else {
        sections
            .computeIfAbsent(setting.section(), s -> new LinkedHashMap<>())
            .put(setting.key(), setting);
      }
    }
  }

  private static boolean mayWrite(Setting setting) {
    return WRITTEN_KEYS.contains(setting.key())
        && !setting.section().equals(GLOBAL)
        && !setting.section().equals(BREAKGLASS);
  }

  private static byte[] bytes(Path file) throws ConfigException {
    try {
      if (!Files.isRegularFile(file) && !file.toRealPath().equals(Layers.NOTHING)) {
        throw new ConfigException(
            file + ": not a regular file. Put a file or a link to one there.");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw new ConfigException(file + ": larger than 1 MiB. Is this a configuration file?");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new ConfigException(
          file + ": cannot be read (" + e + "). Make it readable for the daemon.");
    }
  }

  /** A setting with a value; a key without a value is treated as unset. */
  Optional<Setting> get(String section, String key) {
    return Optional.ofNullable(sections.getOrDefault(section, Map.of()).get(key))
        .filter(setting -> setting.value() != null);
  }
}
