package himmelblau.nssmap.internal;

import himmelblau.api.directory.LookupMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The look-up map in the folder {@code nss} beside the store, where the host's shim looks for it.
 */
@Component(
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class NssMapComponent implements LookupMap {
  private static final Duration SIGN_OF_LIFE = Duration.ofHours(1);

  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Look-up map")
  @interface Config {
    @AttributeDefinition(
        description = "The SQLite file; the map stands in the folder nss beside it")
    String db_path() default "/var/cache/himmelblaud/himmelblau.cache.db";
  }

  private final NssMap map;
  private final Thread signOfLife;

  @Activate
  public NssMapComponent(Config config) throws IOException {
    this.map = new NssMap(Path.of(config.db_path()).resolveSibling("nss"), Clock.systemUTC());
    this.signOfLife = Thread.ofVirtual().name("nssmap-sign-of-life").start(this::stayAlive);
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
