package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyOwner;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.store.Vault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the machine key open. One thread opens keys, so that this never happens twice at once;
 * every change only wakes that thread.
 */
final class MachineService {
  private static final Log LOG = Log.of(MachineService.class);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(5);

  /**
   * The configuration.
   *
   * @param patience how long calls wait for a key store that is being replaced
   */
  record Settings(HsmType type, PinFile pinFile, Duration patience) {}

  /** Called when the machine key is open, and when the service stops. */
  interface Publisher {
    void publish(SwitchableMachine machine, Vault vault);

    /** It did not open; tried again later. */
    default void refuse() {}

    void withdraw();
  }

  private final KeyStores stores;
  private final MachineTable table;
  private final Publisher publisher;
  private final SwitchableMachine machine;
  private final SqlVault vault;
  private final List<KeyOwner> owners = new CopyOnWriteArrayList<>();
  private final Semaphore changed = new Semaphore(0);
  private final ReentrantLock opening = new ReentrantLock();
  private volatile Settings settings;
  private volatile List<String> troubles = List.of();
  private volatile boolean stopped;
  private @Nullable Settings openedWith;
  private Map<String, KeyStore> openedFrom = Map.of();
  private @Nullable Thread thread;

  MachineService(KeyStores stores, MachineTable table, Settings settings, Publisher publisher) {
    this.stores = stores;
    this.table = table;
    this.settings = settings;
    this.publisher = publisher;
    this.machine = new SwitchableMachine(settings.patience());
    this.vault = new SqlVault(table.area(), machine);
  }

  SwitchableMachine machine() {
    return machine;
  }

  SqlVault vault() {
    return vault;
  }

  Settings settings() {
    return settings;
  }

  KeyStores stores() {
    return stores;
  }

  MachineTable table() {
    return table;
  }

  List<String> troubles() {
    return troubles;
  }

  void ownerAdded(KeyOwner owner) {
    owners.add(owner);
  }

  void ownerRemoved(KeyOwner owner) {
    owners.remove(owner);
  }

  /** What happens to keys with a PIN when {@code machines} are in use. */
  PinProtectedKeys pinKeys(OpenMachines machines) {
    return PinProtectedKeys.of(kept(), machines);
  }

  /** Keys with a PIN that other bundles keep. */
  List<KeyOwner.Kept> kept() {
    return owners.stream().flatMap(owner -> owner.kept().stream()).toList();
  }

  void start() {
    start(() -> {});
  }

  /**
   * Starts. {@code then} runs after the first try to open, so that no other bundle waits for it;
   * the start script has switched core dumps off already.
   */
  void start(Runnable then) {
    thread = Thread.ofVirtual().name("machine-key").start(() -> run(then));
  }

  void stop() {
    stopped = true;
    end(); // first: who uses the services stops in withdraw()
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
    publisher.withdraw();
  }

  /** From now on calls fail at once instead of waiting for a key store. */
  void end() {
    machine.end("The service is stopping");
  }

  void configure(Settings next) {
    machine.patience(next.patience());
    settings = next;
    changed.release();
  }

  void storeAdded(String type) {
    changed.release();
  }

  /** Running calls finish on it; new calls wait for its successor. */
  void storeRemoved(String type) {
    if (machine.current(type)) {
      machine.suspend(
          "The key store \"%s\" is being replaced and did not come back in time".formatted(type));
      LOG.info("machine.store_gone", "store", type);
    }
    changed.release();
  }

  private void run(Runnable then) {
    try {
      attempt();
    } catch (InterruptedException e) {
      LOG.debug("machine.interrupted", "stopped", stopped);
    }
    then.run();
    while (!stopped) {
      try {
        follow();
      } catch (InterruptedException e) {
        // Only stopping ends this loop; other interrupts are ignored.
        LOG.debug("machine.interrupted", "stopped", stopped);
      }
    }
  }

  private void follow() throws InterruptedException {
    changed.drainPermits();
    if (upToDate() || attempt()) {
      if (upToDate()) {
        changed.acquire();
      }
    } else {
      boolean woken = changed.tryAcquire(RETRY.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("machine.retry", "woken", woken);
    }
  }

  private boolean upToDate() {
    return settings.equals(openedWith) && stores.all().equals(openedFrom) && !machine.suspended();
  }

  private MachineKeyOpener opener(Settings now) {
    return new MachineKeyOpener(
        stores, table, now.pinFile(), new MachineKeyChain(stores, now.pinFile(), GRACE));
  }

  /** Moves to another kind of store at once; calls that run end on the old one. */
  MachineKeyOpener.Move migrate(HsmType type, boolean rehearsal)
      throws MachineRefused, InterruptedException {
    opening.lockInterruptibly();
    try {
      MachineKeyOpener opener = opener(settings);
      MachineKeyOpener.Move move = opener.rehearse(type);
      if (rehearsal) {
        move.machines().retire();
      } else {
        machine.use(opener.commit(move).machines());
        report(List.of());
      }
      return move;
    } finally {
      opening.unlock();
    }
  }

  private boolean attempt() throws InterruptedException {
    opening.lockInterruptibly();
    try {
      return attemptAlone();
    } finally {
      opening.unlock();
    }
  }

  private boolean attemptAlone() throws InterruptedException {
    Settings now = settings;
    try {
      MachineKeyOpener opener = opener(now);
      opener.awaitStores(now.type());
      Map<String, KeyStore> from = stores.all();
      MachineKeyOpener.Result result = opener.open(now.type());
      if (stopped) {
        result.machines().retire();
        return true;
      }
      Set<Long> kept = table.rows().stream().map(KeyRow::id).collect(Collectors.toSet());
      if (machine.losesBy(result.machines(), kept)) {
        // A store of an older machine key is not available: calls that use open keys continue.
        result.machines().retire();
        report(result.troubles());
        return false;
      }
      machine.use(result.machines());
      openedWith = now;
      openedFrom = from;
      report(result.troubles());
      publisher.publish(machine, vault);
      LOG.audit(AuditKind.KEY, AuditOutcome.SUCCESS)
          .info("machine.open", "store", result.store(), "hsm_type", now.type().option());
      return true;
    } catch (MachineRefused e) {
      if (machine.suspended()) {
        machine.suspend(e.reason());
      }
      report(List.of(e.reason()));
      publisher.refuse();
      return false;
    } catch (RuntimeException e) {
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED).error("machine.open_failed", e);
      report(List.of("The machine key cannot be opened: " + e));
      publisher.refuse();
      return false;
    }
  }

  private void report(List<String> lines) {
    if (!lines.equals(troubles)) {
      lines.forEach(
          line ->
              LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
                  .error("machine.trouble", null, "reason", line));
      troubles = List.copyOf(lines);
    }
  }
}
