package himmelblau.nssmap.internal;

import himmelblau.api.directory.LookupMap;
import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The lookup map in the directory {@code nss} beside the store, where the NSS shim of the host
 * looks for it.
 */
@Component(
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class NssMapComponent implements LookupMap {
  private static final Duration SIGN_OF_LIFE = Duration.ofHours(1);

  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Lookup map")
  @interface Config {
    @AttributeDefinition(
        description = "The SQLite file; the map is in the folder nss in the same directory")
    String db_path() default "/var/cache/himmelblaud/himmelblau.cache.db";
  }

  private static final Log LOG = Log.of(NssMapComponent.class);

  private final Path folder;
  private final NssMap map;
  private final Thread signOfLife;

  @Activate
  public NssMapComponent(Config config) throws IOException {
    this.folder = folder(config);
    this.map = new NssMap(folder, Clock.systemUTC());
    this.signOfLife = Thread.ofVirtual().name("nssmap-sign-of-life").start(this::stayAlive);
  }

  private static Path folder(Config config) {
    return Path.of(config.db_path()).resolveSibling("nss");
  }

  /**
   * Stays active, and with it all services that depend on it, whatever other option of [global] has
   * changed.
   */
  @Modified
  void modified(Config config) {
    if (!folder(config).equals(folder)) {
      LOG.warn("nssmap.moved", "open", folder, "asked", folder(config), "effect", "next start");
    }
  }

  @Deactivate
  void deactivate() throws IOException {
    signOfLife.interrupt();
    map.close();
  }

  @Override
  public void publish(Content content) {
    map.publish(content);
  }

  @Override
  public void merge(Change change) {
    map.merge(change);
  }

  @Override
  public void localNames(Set<String> names) {
    map.localNames(names);
  }

  @Override
  public long generation() {
    return map.generation();
  }

  private void stayAlive() {
    try {
      while (true) {
        Thread.sleep(SIGN_OF_LIFE);
        map.touch();
      }
    } catch (InterruptedException stop) {
      // deactivated
    }
  }
}
