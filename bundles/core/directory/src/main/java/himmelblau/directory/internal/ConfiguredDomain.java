package himmelblau.directory.internal;

import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.options.DomainSettings.HomeName;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The options of one domain; registered, changed and removed with its configuration. Its name sorts
 * before that of {@link DirectoryComponent}, so that the domains are there when the directory
 * begins: the components of a bundle are enabled in the order of their names.
 */
@Component(
    service = ConfiguredDomain.class,
    configurationPid = "himmelblau.domain",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredDomain {
  /** Options of a domain's section over {@code [global]}. */
  @ObjectClassDefinition(name = "Users of a domain")
  @interface Config {
    @AttributeDefinition(description = "The domain")
    String domain();

    @AttributeDefinition(description = "Further domains of the same tenant")
    String[] domain_aliases() default {};

    @AttributeDefinition(description = "Range of the ids that are assigned")
    String idmap_range() default "200000-2000200000";

    @AttributeDefinition(description = "Parent directory of home directories")
    String home_prefix() default "/home/";

    @AttributeDefinition(description = "Name of a home directory: uuid, spn or cn")
    String home_attr() default "uuid";

    @AttributeDefinition(description = "Name of a link to it: uuid, spn or cn")
    String home_alias() default "spn";

    @AttributeDefinition(
        description = "Login shell used when the directory gives none that exists on this host")
    String shell() default "/bin/bash";
  }

  private volatile DomainSettings settings;

  @Activate
  public ConfiguredDomain(Config config) {
    this.settings = parse(config);
  }

  /**
   * Keeps the service registered while it is modified, so that no lookup finds the domain missing.
   */
  @Modified
  void modified(Config config) {
    settings = parse(config);
  }

  private static DomainSettings parse(Config config) {
    return new DomainSettings(
        config.domain().toLowerCase(Locale.ROOT),
        List.of(config.domain_aliases()).stream()
            .map(alias -> alias.strip().toLowerCase(Locale.ROOT))
            .filter(alias -> !alias.isEmpty())
            .toList(),
        IdRange.parse(config.idmap_range()).orElse(IdRange.DEFAULT),
        config.home_prefix(),
        HomeName.parse(config.home_attr().toLowerCase(Locale.ROOT)),
        HomeName.parse(config.home_alias().toLowerCase(Locale.ROOT)),
        config.shell());
  }

  public DomainSettings settings() {
    return settings;
  }
}
