package himmelblau.directory.internal.options;

import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Options of {@code [global]}. */
@ObjectClassDefinition(name = "Directory")
public @interface GlobalConfig {
  @AttributeDefinition(description = "Configured domains, the primary one first")
  String[] domains() default {};

  @AttributeDefinition(description = "Source of ids: name, uuid or rfc2307")
  String id_attr_map() default "name";

  @AttributeDefinition(description = "Id of a group without gidNumber: name, uuid or unset")
  String rfc2307_group_fallback_map() default "";

  @AttributeDefinition(description = "Range of subordinate ids")
  String subid_range() default "2100000000-4200000000";

  @AttributeDefinition(description = "Short names for users of the primary domain")
  boolean cn_name_mapping() default true;

  @AttributeDefinition(description = "Program that prints the UPN of a name")
  String name_mapping_script() default "";

  @AttributeDefinition(description = "Local accounts that directory users sign in to")
  String user_map_file() default "/etc/himmelblau/user-map";

  @AttributeDefinition(description = "Seconds until an entry is refreshed")
  long cache_timeout() default 300;

  @AttributeDefinition(
      description =
          "Show groups by display name where no rule of this host grants rights to that name")
  boolean group_display_names() default true;

  @AttributeDefinition(
      description = "Further short names that are reserved for the host; -NAME: not reserved")
  String[] ignored_names() default {};

  /** Turns options into settings. */
  final class Parser {
    private Parser() {}

    public static GlobalSettings settings(GlobalConfig config) {
      return new GlobalSettings(
          List.of(config.domains()).stream()
              .map(domain -> domain.toLowerCase(Locale.ROOT))
              .toList(),
          Source.parse(config.id_attr_map()).orElse(Source.NAME),
          Source.parse(config.rfc2307_group_fallback_map()),
          IdRange.parse(config.subid_range()).orElse(new IdRange(2_100_000_000L, 4_200_000_000L)),
          config.cn_name_mapping(),
          Optional.of(config.name_mapping_script()).filter(text -> !text.isBlank()).map(Path::of),
          Path.of(config.user_map_file()),
          Duration.ofSeconds(Math.max(1, config.cache_timeout())),
          config.group_display_names(),
          Stream.of(config.ignored_names())
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .toList());
    }
  }
}
