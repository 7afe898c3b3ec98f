package himmelblau.domain.entra.internal.token;

import himmelblau.api.account.AccountName;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.SessionKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * A primary refresh token with the key that it is bound to.
 *
 * @param token opaque to us
 * @param key its session key, which a renewed token keeps
 * @param expires when the directory refuses it
 * @param identity whose it is
 * @param multiFactor whether the sign-in that it was born in proved a second factor
 * @param device on which it may be used
 * @param tickets what came with it; not part of what is kept
 */
public record Prt(
    Secret token,
    SessionKey key,
    Instant expires,
    TokenSubject identity,
    boolean multiFactor,
    UUID device,
    Optional<ReplyTickets> tickets)
    implements AutoCloseable {
  private static final int VERSION = 1;
  private static final int LONGEST = 64 << 10;

  /** Everything that {@link #of} needs, as one secret; the caller closes it. */
  public Secret toRenewal() {
    Wiping buffer = new Wiping();
    try (DataOutputStream out = new DataOutputStream(buffer)) {
      out.writeByte(VERSION);
      out.writeUTF(identity.objectId().toString());
      out.writeUTF(identity.tenantId());
      out.writeUTF(identity.name().upn());
      out.writeUTF(
          identity.displayName().substring(0, Math.min(256, identity.displayName().length())));
      out.writeUTF(device.toString());
      out.writeBoolean(multiFactor);
      out.writeLong(expires.getEpochSecond());
      write(out, token);
      try (Secret raw = key.copy()) {
        write(out, raw);
      }
      return Secret.taking(buffer.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory
    } finally {
      buffer.wipe();
    }
  }

  /** Reads what {@link #toRenewal} wrote; empty if it is something else or of another version. */
  public static Optional<Prt> of(Secret renewal) {
    byte[] copy = renewal.copyBytes();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(copy))) {
      if (in.readUnsignedByte() != VERSION) {
        return Optional.empty();
      }
      UUID objectId = UUID.fromString(in.readUTF());
      String tenant = in.readUTF();
      AccountName name = AccountName.parse(in.readUTF()).orElseThrow(IOException::new);
      TokenSubject identity = new TokenSubject(objectId, tenant, name, in.readUTF());
      UUID device = UUID.fromString(in.readUTF());
      boolean multiFactor = in.readBoolean();
      Instant expires = Instant.ofEpochSecond(in.readLong());
      Secret token = read(in);
      SessionKey key = new SessionKey(read(in));
      return Optional.of(
          new Prt(token, key, expires, identity, multiFactor, device, Optional.empty()));
    } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  private static void write(DataOutputStream out, Secret secret) throws IOException {
    byte[] raw = secret.copyBytes();
    try {
      out.writeInt(raw.length);
      out.write(raw);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  private static Secret read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LONGEST) {
      throw new IOException("Not a length");
    }
    byte[] raw = new byte[length];
    in.readFully(raw);
    return Secret.taking(raw);
  }

  /** A copy, which is closed separately. */
  public Prt copy() {
    return new Prt(
        token.copy(),
        new SessionKey(key.copy()),
        expires,
        identity,
        multiFactor,
        device,
        tickets.map(ReplyTickets::copy));
  }

  @Override
  public void close() {
    token.close();
    key.close();
    tickets.ifPresent(ReplyTickets::close);
  }

  private static final class Wiping extends ByteArrayOutputStream {
    Wiping() {
      super(8 << 10); // large enough that no copy is left behind by growing
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
