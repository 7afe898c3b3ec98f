package himmelblau.config.internal;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Publishes the configuration to Configuration Admin (decision 0001). */
final class ConfigPublisher {
  static final String GLOBAL = "himmelblau.global";
  static final String DOMAIN = "himmelblau.domain";
  static final String BREAKGLASS = "himmelblau.breakglass";
  private static final String ANY_BUNDLE = "?";

  private final ConfigurationAdmin admin;

  ConfigPublisher(ConfigurationAdmin admin) {
    this.admin = admin;
  }

  /** Returns how many configurations changed. */
  int publish(EffectiveConfig effective) throws IOException {
    int changed = 0;
    changed += update(admin.getConfiguration(GLOBAL, ANY_BUNDLE), effective.global());
    changed += update(admin.getConfiguration(BREAKGLASS, ANY_BUNDLE), effective.breakglass());
    Set<String> kept = new HashSet<>();
    for (Map.Entry<String, Map<String, Object>> domain : effective.domains().entrySet()) {
      Configuration configuration =
          admin.getFactoryConfiguration(DOMAIN, domain.getKey(), ANY_BUNDLE);
      kept.add(configuration.getPid());
      changed += update(configuration, domain.getValue());
    }
    for (Configuration configuration : ofDomains()) {
      if (!kept.contains(configuration.getPid())) {
        configuration.delete();
        changed++;
      }
    }
    return changed;
  }

  private static int update(Configuration configuration, Map<String, Object> values)
      throws IOException {
    return configuration.updateIfDifferent(FrameworkUtil.asDictionary(values)) ? 1 : 0;
  }

  private Configuration[] ofDomains() throws IOException {
    try {
      Configuration[] found =
          admin.listConfigurations(
              "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + DOMAIN + ")");
      return found == null ? new Configuration[0] : found;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
