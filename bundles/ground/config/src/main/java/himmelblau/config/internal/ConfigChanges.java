package himmelblau.config.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two configurations, in words. */
final class ConfigChanges {
  private static final String NOT_SET = "not set";

  private final EffectiveConfig before;
  private final EffectiveConfig after;
  private final List<String> lines = new ArrayList<>();

  private ConfigChanges(EffectiveConfig before, EffectiveConfig after) {
    this.before = before;
    this.after = after;
  }

  /** One line for each option that has another value now, with the origin of the new one. */
  static List<String> between(EffectiveConfig before, EffectiveConfig after) {
    ConfigChanges changes = new ConfigChanges(before, after);
    changes.section(MergedFiles.GLOBAL, before.global(), after.global(), false);
    changes.section(MergedFiles.BREAKGLASS, before.breakglass(), after.breakglass(), false);
    changes.domains();
    return List.copyOf(changes.lines);
  }

  private void domains() {
    for (String name : before.domains().keySet()) {
      if (!after.domains().containsKey(name)) {
        lines.add("[" + name + "] is no domain of this host any more");
      }
    }
    after
        .domains()
        .forEach(
            (name, values) -> {
              Map<String, Object> old = before.domains().getOrDefault(name, Map.of());
              if (old.isEmpty()) {
                lines.add("[" + name + "] is a domain of this host now");
              } else {
                section(name, old, values, true);
              }
            });
  }

  /**
   * @param domain whether what is as in [global], which is told there, is left out
   */
  private void section(
      String section, Map<String, Object> old, Map<String, Object> now, boolean domain) {
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(now.keySet());
    keys.remove("set.options");
    for (String key : keys) {
      @Nullable Object one = old.get(key);
      @Nullable Object other = now.get(key);
      boolean inherited =
          domain
              && Objects.deepEquals(one, before.global().get(key))
              && Objects.deepEquals(other, after.global().get(key));
      if (!Objects.deepEquals(one, other) && !inherited) {
        String option = key.replace('.', '_');
        lines.add(
            "[%s] %s: %s -> %s%s"
                .formatted(section, option, text(one), text(other), origin(section, option)));
      }
    }
  }

  private static String text(@Nullable Object value) {
    return value == null ? NOT_SET : ConfigDump.text(value);
  }

  private String origin(String section, String option) {
    return after.origin(section, option).map(place -> "    # " + place).orElse("");
  }
}
