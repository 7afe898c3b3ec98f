package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated configurations are used or refused, nothing else. {@code testing/fuzz/config} runs this
 * for longer, with other seeds.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("himmelblau.fuzz.seconds", 0);
  private static final long SEED = Long.getLong("himmelblau.fuzz.seed", 20261122);

  @TempDir Path root;

  @Test
  void mutatedFilesAreUsedOrRefused() throws Exception {
    Random random = new Random(SEED);
    byte[] model = model();
    Path file = root.resolve("fuzz.conf");
    OptionCatalog options = ShippedOptions.catalog();
    ConfigReader reader =
        new ConfigReader(
            new Layers(List.of(file), root.resolve("written")), Map.of(), () -> options);
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (int i = 0; i < 1000 || System.nanoTime() < end; i++) {
      byte[] bytes = mutate(model.clone(), random);
      Files.write(file, bytes);
      try {
        EffectiveConfig effective = reader.read();
        assertFalse(ConfigDump.lines(effective).isEmpty());
      } catch (ConfigException refused) {
        assertFalse(String.valueOf(refused.getMessage()).isEmpty());
      } catch (RuntimeException e) {
        fail("seed " + SEED + ", bytes " + HexFormat.of().formatHex(bytes), e);
      }
    }
  }

  /** Every option, with its default or something. */
  private static byte[] model() {
    StringBuilder text = new StringBuilder("[global]\ndomain = example.org, other.example\n");
    for (Option option : ShippedOptions.catalog().main().values()) {
      if (!option.name().startsWith("domain")) {
        Object value = option.standard().orElse("a, b");
        String shown = value instanceof String[] items ? String.join(",", items) : "" + value;
        text.append(option.name()).append(" = ").append(shown).append('\n');
      }
    }
    text.append("[example.org]\nhome_prefix = /x\nidmap_range = 5-6\n");
    text.append("[offline_breakglass]\nenabled = true\nttl = 2h\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] spice = "[]=:#; \t\r\n\0-,0".getBytes(StandardCharsets.UTF_8);
    for (int n = 1 + random.nextInt(8); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = spice[random.nextInt(spice.length)];
        default -> {
          int length = Math.min(random.nextInt(40), bytes.length - at);
          System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
        }
      }
    }
    return bytes;
  }
}
