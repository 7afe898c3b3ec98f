package himmelblau.hello.internal;

import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.hello.internal.HelloTable.Entry;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Moves a Hello key below the current machine key while its PIN is known. The public half, which
 * the directory knows, stays the same. The old key is replaced only after the new one was loaded
 * with the PIN and has signed; a failure is logged, and the old key stays in use.
 */
final class HelloKeyMigration {
  private static final Log LOG = Log.of(HelloKeyMigration.class);

  private final HelloTable table;
  private final Machine machine;

  HelloKeyMigration(HelloTable table, Machine machine) {
    this.table = table;
    this.machine = machine;
  }

  boolean due(Entry entry) {
    return machine.place(entry.key()) == KeyPlace.MOVABLE;
  }

  /** The stored entry after the migration, and its loaded key. */
  record Moved(Entry entry, Key key) {}

  /**
   * Tries to migrate the key; the caller holds the user's lock. On success {@code key} is closed.
   *
   * @param pin that has opened {@code key}; borrowed
   * @return empty if nothing was changed
   */
  Optional<Moved> attempt(Entry entry, Key key, Secret pin) {
    try {
      Optional<Moved> moved = move(entry, key, pin);
      if (moved.isPresent()) {
        key.close();
        LOG.audit(AuditKind.KEY, AuditOutcome.SUCCESS)
            .info(
                "hello.moved",
                "user",
                entry.owner(),
                "from",
                entry.key().store(),
                "to",
                moved.get().entry().key().store());
      }
      return moved;
    } catch (KeyStoreUnavailable
        | KeyRefused
        | WrongPin
        | GeneralSecurityException
        | RuntimeException e) {
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
          .warn("hello.not_moved", "user", entry.owner(), "why", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Moved> move(Entry entry, Key key, Secret pin)
      throws KeyStoreUnavailable, KeyRefused, WrongPin, GeneralSecurityException {
    Optional<WrappedKey> taken;
    try (Secret material = machine.export(entry.key(), pin).orElse(null)) {
      taken =
          material == null
              ? Optional.empty()
              : machine.importKey(entry.key().spec(), material, pin);
    }
    if (taken.isEmpty() || machine.place(taken.get()) != KeyPlace.CURRENT) {
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
          .warn("hello.not_moved", "user", entry.owner(), "why", "the key store has changed");
      return Optional.empty();
    }
    Key fresh = machine.load(taken.get(), pin);
    boolean kept = false;
    try {
      prove(key, fresh);
      Entry after =
          new Entry(
              entry.owner(), entry.name(), UUID.randomUUID().toString(), taken.get(), entry.kind());
      kept = table.move(new MigratedHelloKey(entry, after, sealedAnew(entry, key, fresh)));
      if (!kept) {
        LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
            .info("hello.not_moved", "user", entry.owner(), "why", "used by another sign-in");
      }
      return kept ? Optional.of(new Moved(after, fresh)) : Optional.empty();
    } finally {
      if (!kept) {
        fresh.close();
      }
    }
  }

  /** The new key signs random data, and the old public half verifies the signature. */
  private static void prove(Key known, Key fresh)
      throws KeyStoreUnavailable, GeneralSecurityException {
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    Signature verifier = Signature.getInstance("SHA256withRSA"); // every Hello key is RSA
    verifier.initVerify(known.publicKey());
    verifier.update(challenge);
    if (!verifier.verify(fresh.sign(challenge))) {
      throw new GeneralSecurityException("the new store signs with another key");
    }
  }

  private List<MigratedHelloKey.Item> sealedAnew(Entry entry, Key key, Key fresh)
      throws KeyStoreUnavailable {
    List<MigratedHelloKey.Item> items = new ArrayList<>();
    for (UnlockedKey.Item item : UnlockedKey.Item.values()) {
      Optional<byte[]> before = table.item(entry.owner(), item);
      if (before.isEmpty()) {
        continue;
      }
      String label = OpenKey.label(entry.owner(), item);
      try (Secret plain = key.unseal(before.get(), label)) {
        items.add(new MigratedHelloKey.Item(item, before.get(), fresh.seal(plain, label)));
      } catch (KeyRefused e) {
        // Sealed by an earlier key or damaged: it was already unusable before the migration.
        LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
            .warn("hello.item.refused", "user", entry.owner(), "item", item);
      }
    }
    return items;
  }
}
