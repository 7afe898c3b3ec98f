package himmelblau.hello.internal;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A Hello key that was opened with its PIN. */
final class OpenKey implements UnlockedKey {
  private static final Log LOG = Log.of(OpenKey.class);

  private final HelloTable table;
  private final HelloTable.Entry entry;
  private final Key key;
  private final OpenKeyCount count;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Is counted in {@code count} until it is closed. */
  OpenKey(HelloTable table, HelloTable.Entry entry, Key key, OpenKeyCount count) {
    this.table = table;
    this.entry = entry;
    this.key = key;
    this.count = count;
    count.opened(entry.owner());
  }

  @Override
  public UUID objectId() {
    return entry.owner();
  }

  @Override
  public HelloKind kind() {
    return entry.kind();
  }

  @Override
  public Key key() {
    return key;
  }

  @Override
  public Optional<Secret> read(Item item) throws KeyStoreUnavailable {
    Optional<byte[]> sealed = table.item(entry.owner(), item);
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(key.unseal(sealed.get(), label(item)));
    } catch (KeyRefused e) {
      // Sealed by a key that was replaced, or damaged: it will never open again.
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
          .warn("hello.item.refused", "user", entry.owner(), "item", item, "why", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void write(Item item, Secret value) throws KeyStoreUnavailable {
    byte[] sealed = key.seal(value, label(item));
    if (!table.keep(entry.owner(), entry.generation(), item, sealed)) {
      LOG.warn("hello.item.dropped", "user", entry.owner(), "item", item, "why", "key replaced");
    }
  }

  @Override
  public void delete(Item item) {
    table.drop(entry.owner(), item);
  }

  private String label(Item item) {
    return label(entry.owner(), item);
  }

  /** Binds an item to its user and its name. */
  static String label(UUID owner, Item item) {
    return "hello/" + owner + "/" + item;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      key.close();
      count.closed(entry.owner());
    }
  }
}
