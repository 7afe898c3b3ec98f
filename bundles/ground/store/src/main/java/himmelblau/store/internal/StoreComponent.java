package himmelblau.store.internal;

import himmelblau.api.log.Log;
import himmelblau.api.status.Notice;
import himmelblau.api.status.Outage;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Store;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Registers the store once it is open. While it cannot be opened nobody can sign in and the daemon
 * runs all the same (decision 0540): the reason is shown as trouble, and it is tried again, so that
 * a disk with room again needs no restart.
 */
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=himmelblau.api.store.Store",
    uses = Store.class)
@Component(
    service = {Trouble.class, Notice.class},
    immediate = true,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StoreComponent implements Trouble, Notice {
  private static final Log LOG = Log.of(StoreComponent.class);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Path HIMMELBLAU_FIXED_IDS =
      Path.of("/var/cache/nss-himmelblau/idmap.cache.db");
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

  private static final Outage CLOSED =
      () ->
          "Authentication service unavailable: the database of this computer cannot be opened. "
              + "The command \"aad-tool status\" tells the administrator why and what to do.";

  /** For some thousand sign-ins: each writes a few pages of 4 KiB. */
  private static final long RESERVE = 8 << 20;

  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Store")
  @interface Config {
    @AttributeDefinition(description = "The SQLite file; a change takes effect at the next start")
    String db_path() default "/var/cache/himmelblaud/himmelblau.cache.db";
  }

  private final BundleContext context;
  private final Path file;
  private final HimmelblauState predecessor;
  private final DiskReserve reserve;
  private final Thread keeper;
  private volatile @Nullable String trouble;
  private @Nullable SqliteStore store;
  private @Nullable ServiceRegistration<Store> registration;
  private @Nullable ServiceRegistration<Outage> outage;
  private boolean stopped;

  @Activate
  public StoreComponent(BundleContext context, Config config) {
    this.context = context;
    this.file = Path.of(config.db_path());
    this.predecessor = new HimmelblauState(file, HIMMELBLAU_FIXED_IDS);
    this.reserve = new DiskReserve(file.resolveSibling("reserve"), RESERVE);
    boolean open = open();
    this.keeper = Thread.ofVirtual().name("store-keeper").start(() -> keep(open));
  }

  @Modified
  void modified(Config config) {
    if (!Path.of(config.db_path()).equals(file)) {
      LOG.warn("store.moved", "open", file, "db_path", config.db_path(), "effect", "next start");
    }
  }

  @Deactivate
  void deactivate() {
    SqliteStore open;
    ServiceRegistration<?> registered;
    synchronized (this) {
      stopped = true;
      registered = registration;
      registration = null;
      endOutage();
      open = store;
    }
    if (registered != null) {
      registered.unregister(); // not under the lock: stops others, which may wait for its holder
    }
    keeper.interrupt();
    if (open != null) {
      open.close();
    }
  }

  @Override
  public List<String> troubles() {
    String now = trouble;
    if (now != null) {
      return List.of(now);
    }
    return reserve.released()
        ? List.of(
            "The disk is full: sign-ins continue with the "
                + (RESERVE >> 20)
                + " MiB that were reserved for that, and fail afterwards; free space on the file "
                + "system of "
                + file)
        : List.of();
  }

  @Override
  public boolean urgent() {
    return !troubles().isEmpty();
  }

  @Override
  public List<String> notices() {
    return predecessor.setAsideBefore().stream().map(HimmelblauState::notice).toList();
  }

  /**
   * Registers without the lock: in that call others are started, and a stop may hold their locks.
   */
  private boolean open() {
    SqliteStore opened = opened();
    if (opened == null) {
      return stopped();
    }
    ServiceRegistration<Store> fresh;
    try {
      fresh = context.registerService(Store.class, opened, null);
    } catch (IllegalStateException e) {
      return true; // the bundle has just stopped
    }
    synchronized (this) {
      if (!stopped) {
        registration = fresh;
        endOutage();
        return true;
      }
    }
    fresh.unregister();
    return true;
  }

  private synchronized boolean stopped() {
    return stopped;
  }

  private synchronized @Nullable SqliteStore opened() {
    if (stopped) {
      return null;
    }
    try {
      store = SqliteStore.open(file, predecessor, reserve);
      trouble = null;
      LOG.info("store.open", "file", file);
      return store;
    } catch (StoreException e) {
      if (e.full() && reserve.release()) {
        return opened();
      }
      if (!Objects.equals(trouble, e.getMessage())) {
        LOG.error("store.failed", e, "file", file);
      }
      trouble = e.getMessage();
      if (outage == null) {
        outage = context.registerService(Outage.class, CLOSED, null);
      }
      return null;
    }
  }

  private void endOutage() {
    ServiceRegistration<Outage> over = outage;
    outage = null;
    if (over != null) {
      over.unregister();
    }
  }

  /** Opens the store, and has room for sign-ins whenever the disk has. */
  private void keep(boolean opened) {
    try {
      boolean open = opened;
      while (!open) {
        Thread.sleep(RETRY);
        open = open();
      }
      while (true) {
        reserve.fill();
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException stop) {
      // deactivated
    }
  }
}
