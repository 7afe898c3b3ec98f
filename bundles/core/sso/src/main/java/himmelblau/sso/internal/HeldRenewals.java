package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The renewals of who signed in since the boot, by object id, each sealed by the machine key under
 * a label with the boot and the user: one that was copied from another boot, or put in another
 * user's place, does not open. In plain text only while one is used. Thread-safe.
 */
final class HeldRenewals {
  private static final Log LOG = Log.of(HeldRenewals.class);
  private static final int VERSION = 1;
  private static final int LONGEST = 256 << 10;

  private final Machine machine;
  private final RenewalFiles files;
  private final String boot;
  private final Map<UUID, Held> known = new ConcurrentHashMap<>();

  /**
   * @param boot what differs from boot to boot
   */
  HeldRenewals(Machine machine, RenewalFiles files, String boot) {
    this.machine = machine;
    this.files = files;
    this.boot = boot;
  }

  private String label(UUID objectId) {
    return "sso/" + boot + "/" + objectId;
  }

  /** Keeps a renewal (borrowed), instead of the one before. */
  synchronized Held keep(
      UUID objectId, AccountName name, Secret renewal, Instant signedIn, Instant renewed)
      throws KeyStoreUnavailable {
    try (Secret plain = plain(name, renewal, signedIn, renewed)) {
      byte[] sealed = machine.seal(plain, label(objectId));
      Held held = new Held(objectId, name, signedIn, renewed, sealed);
      known.put(objectId, held);
      files.write(objectId, sealed);
      return held;
    }
  }

  /**
   * Keeps what the directory gave for {@code before}, unless that was dropped or replaced since.
   *
   * @param renewal borrowed
   */
  synchronized void replace(Held before, Secret renewal, Instant renewed)
      throws KeyStoreUnavailable {
    if (current(before)) {
      keep(before.objectId(), before.name(), renewal, before.signedIn(), renewed);
    }
  }

  /** Deletes {@code held}, unless it was dropped or replaced since; whether it was deleted. */
  synchronized boolean drop(Held held) {
    return current(held) && drop(held.objectId());
  }

  /** Whether it is the very one: another may have the same content. */
  private boolean current(Held held) {
    Held now = known.get(held.objectId());
    return now != null && now.sealed() == held.sealed();
  }

  /** The renewal of a user, also one that was kept before this process began. */
  Optional<Held> find(UUID objectId) throws KeyStoreUnavailable {
    Held held = known.get(objectId);
    return held != null ? Optional.of(held) : found(objectId);
  }

  private synchronized Optional<Held> found(UUID objectId) throws KeyStoreUnavailable {
    Held meanwhile = known.get(objectId);
    if (meanwhile != null) {
      return Optional.of(meanwhile);
    }
    Optional<byte[]> sealed = files.read(objectId);
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    try (Secret plain = machine.unseal(sealed.get(), label(objectId))) {
      Content content = content(plain);
      content.renewal().close();
      Held held =
          new Held(objectId, content.name(), content.signedIn(), content.renewed(), sealed.get());
      known.put(objectId, held);
      return Optional.of(held);
    } catch (KeyRefused | IOException e) {
      LOG.warn("sso.unreadable", "user", objectId, "why", "of another boot or machine, or changed");
      files.delete(objectId);
      return Optional.empty();
    }
  }

  /** Opens a renewal; the caller closes it. */
  Secret open(Held held) throws KeyStoreUnavailable, KeyRefused {
    try (Secret plain = machine.unseal(held.sealed(), label(held.objectId()))) {
      return content(plain).renewal();
    } catch (IOException e) {
      throw new KeyRefused("The kept renewal is of another version");
    }
  }

  /** Deletes a renewal; whether there was one. */
  synchronized boolean drop(UUID objectId) {
    boolean was = known.remove(objectId) != null;
    return files.delete(objectId) || was;
  }

  /** All that are kept. */
  List<Held> all() throws KeyStoreUnavailable {
    for (UUID user : files.users()) {
      find(user);
    }
    return List.copyOf(known.values());
  }

  private record Content(AccountName name, Instant signedIn, Instant renewed, Secret renewal) {}

  private static Secret plain(AccountName name, Secret renewal, Instant signedIn, Instant renewed) {
    byte[] raw = renewal.copyBytes();
    Wiping buffer = new Wiping(raw.length);
    try (DataOutputStream out = new DataOutputStream(buffer)) {
      out.writeByte(VERSION);
      out.writeUTF(name.upn());
      out.writeLong(signedIn.getEpochSecond());
      out.writeLong(renewed.getEpochSecond());
      out.writeInt(raw.length);
      out.write(raw);
      return Secret.taking(buffer.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory
    } finally {
      buffer.wipe();
      Arrays.fill(raw, (byte) 0);
    }
  }

  private static Content content(Secret plain) throws IOException {
    byte[] copy = plain.copyBytes();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(copy))) {
      if (in.readUnsignedByte() != VERSION) {
        throw new IOException("Another version");
      }
      AccountName name = AccountName.parse(in.readUTF()).orElseThrow(IOException::new);
      Instant signedIn = Instant.ofEpochSecond(in.readLong());
      Instant renewed = Instant.ofEpochSecond(in.readLong());
      int length = in.readInt();
      if (length < 0 || length > LONGEST) {
        throw new IOException("Not a length");
      }
      byte[] raw = new byte[length];
      in.readFully(raw);
      return new Content(name, signedIn, renewed, Secret.taking(raw));
    } catch (DateTimeException e) {
      throw new IOException("Not a time", e);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  private static final class Wiping extends ByteArrayOutputStream {
    Wiping(int content) {
      super(content + 1024); // large enough that no copy is left behind by growing
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
