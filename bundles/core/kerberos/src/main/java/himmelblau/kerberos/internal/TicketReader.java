package himmelblau.kerberos.internal;

import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.ccache.Credential;
import org.apache.kerby.kerberos.kerb.ccache.CredentialCache;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.base.EncryptedData;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.apache.kerby.kerberos.kerb.type.kdc.AsRep;
import org.apache.kerby.kerberos.kerb.type.kdc.EncAsRepPart;
import org.apache.kerby.kerberos.kerb.type.kdc.EncKdcRepPart;
import org.apache.kerby.kerberos.kerb.type.ticket.KrbTicket;
import org.apache.kerby.kerberos.kerb.type.ticket.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * Opens tickets (entra-tokens 6.9, RFC 4120 5.4.2) and checks all that a client can check. The
 * encrypted part is authentic, since only the directory has its key; what stands outside of it must
 * agree with it.
 */
final class TicketReader {
  private static final String CLOUD_REALM = "KERBEROS.MICROSOFTONLINE.COM";
  private static final String TICKET_GRANTING = "krbtgt";
  private static final int APPLICATION_25 = 0x79; // EncASRepPart
  private static final int APPLICATION_26 = 0x7a; // EncTGSRepPart, which some KDCs send instead
  private static final Duration LONGEST_LIFE = Duration.ofDays(31);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final int LONGEST_NAME = 256;

  /** Those of the directory; no RC4. */
  private static final Set<EncryptionType> SESSION_KEYS =
      Set.of(EncryptionType.AES128_CTS_HMAC_SHA1_96, EncryptionType.AES256_CTS_HMAC_SHA1_96);

  private final InstantSource clock;

  TicketReader(InstantSource clock) {
    this.clock = clock;
  }

  /** Opens a ticket (borrowed); the caller closes the result. */
  OpenedTicket open(KerberosTicket ticket) throws TicketRefused {
    byte[] message = ticket.reply().copyBytes();
    byte[] key = ticket.key().copyBytes();
    try {
      requireFirstValue(message);
      AsRep reply = new AsRep();
      reply.decode(message);
      byte[] plain = decrypt(reply.getEncryptedEncPart(), key);
      try {
        EncKdcRepPart part = part(plain);
        Instant ends = check(ticket.kind(), reply, part);
        return new OpenedTicket(ticket.kind(), shown(client(reply)), ends, cache(reply, part));
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    } catch (IOException | KrbException | RuntimeException | StackOverflowError e) {
      // The library meets hostile input with all of these; its messages quote what it read.
      throw new TicketRefused("It is no AS-REP (" + e.getClass().getSimpleName() + ")");
    } finally {
      Arrays.fill(message, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  /** That the message is one value and nothing behind it. */
  private static void requireFirstValue(byte[] message) throws TicketRefused {
    ByteBuffer in = ByteBuffer.wrap(message);
    if (in.remaining() < 2 || (in.get() & 0xff) != 0x6b) { // APPLICATION 11
      throw new TicketRefused("It is no AS-REP");
    }
    int length = in.get() & 0xff;
    if (length > 0x7f) {
      int bytes = length & 0x7f;
      if (bytes == 0 || bytes > 3 || in.remaining() < bytes) {
        throw new TicketRefused("It is no AS-REP");
      }
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = (length << 8) | (in.get() & 0xff);
      }
    }
    if (length != in.remaining()) {
      throw new TicketRefused("It is cut off, or something follows it");
    }
  }

  private static byte[] decrypt(@Nullable EncryptedData sealed, byte[] key) throws TicketRefused {
    if (sealed == null || sealed.getEType() != EncryptionType.AES256_CTS_HMAC_SHA1_96) {
      throw new TicketRefused("It is encrypted in another way than its key says");
    }
    try {
      return EncryptionHandler.decrypt(
          sealed.getCipher(),
          new EncryptionKey(EncryptionType.AES256_CTS_HMAC_SHA1_96, key),
          KeyUsage.AS_REP_ENCPART);
    } catch (KrbException | RuntimeException e) {
      throw new TicketRefused("It cannot be decrypted with the key that came with it");
    }
  }

  /** Some KDCs send the part of another message, which has the same content (RFC 4120 5.4.2). */
  private static EncKdcRepPart part(byte[] plain) throws TicketRefused, IOException {
    if (plain.length > 0 && (plain[0] & 0xff) == APPLICATION_26) {
      plain[0] = APPLICATION_25;
    }
    if (plain.length == 0 || (plain[0] & 0xff) != APPLICATION_25) {
      throw new TicketRefused("What was decrypted is not the part of an AS-REP");
    }
    EncAsRepPart part = new EncAsRepPart();
    part.decode(plain);
    return part;
  }

  private Instant check(Kind kind, AsRep reply, EncKdcRepPart part)
      throws TicketRefused, KrbException {
    Ticket ticket = require(reply.getTicket(), "ticket");
    String realm = realm(ticket.getRealm());
    if ((kind == Kind.CLOUD) != realm.equals(CLOUD_REALM)) {
      throw new TicketRefused("It is of the realm " + realm);
    }
    requireTicketGranting(ticket.getSname(), realm);
    requireTicketGranting(part.getSname(), realm(part.getSrealm()));
    if (!realm.equals(part.getSrealm()) || !realm.equals(realm(reply.getCrealm()))) {
      throw new TicketRefused("Its parts are of different realms");
    }
    requireNames(require(reply.getCname(), "client name"));
    EncryptionKey session = require(part.getKey(), "session key");
    if (session.getKeyType() == null || !SESSION_KEYS.contains(session.getKeyType())) {
      throw new TicketRefused("Its session key is of a type that is not used");
    }
    if (session.getKeyData().length
        != EncryptionHandler.getEncHandler(session.getKeyType()).keySize()) {
      throw new TicketRefused("Its session key has another length than its type says");
    }
    return times(part);
  }

  private Instant times(EncKdcRepPart part) throws TicketRefused {
    Instant now = clock.instant();
    Instant ends = time(require(part.getEndTime(), "end"));
    KerberosTime start = part.getStartTime();
    if (!ends.isAfter(now) || ends.isAfter(now.plus(LONGEST_LIFE))) {
      throw new TicketRefused("It ends at " + ends);
    }
    if (start != null && time(start).isAfter(now.plus(SKEW))) {
      throw new TicketRefused("It begins at " + time(start));
    }
    return ends;
  }

  private static Instant time(KerberosTime time) {
    return Instant.ofEpochMilli(time.getTime());
  }

  private static <T> T require(@Nullable T value, String what) throws TicketRefused {
    if (value == null) {
      throw new TicketRefused("It has no " + what);
    }
    return value;
  }

  private static String realm(@Nullable String realm) throws TicketRefused {
    if (realm == null || !realm.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,254}")) {
      throw new TicketRefused("A realm in it is not the name of a domain");
    }
    return realm;
  }

  private static void requireTicketGranting(@Nullable PrincipalName name, String realm)
      throws TicketRefused {
    if (name == null || !name.getNameStrings().equals(List.of(TICKET_GRANTING, realm))) {
      throw new TicketRefused("It is not a ticket-granting ticket of its realm");
    }
  }

  /** A name that tools print, and that is not taken apart in another way by others. */
  private static void requireNames(PrincipalName client) throws TicketRefused {
    List<? extends @Nullable String> names = client.getNameStrings();
    String name = names.size() == 1 ? names.getFirst() : "";
    boolean good =
        name != null // as the library has an empty one
            && !name.isEmpty()
            && name.length() <= LONGEST_NAME
            && name.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '/');
    if (!good) {
      throw new TicketRefused("Its client is not the name of a user");
    }
  }

  private static PrincipalName client(AsRep reply) {
    PrincipalName client = reply.getCname();
    client.setRealm(reply.getCrealm());
    return client;
  }

  private static String shown(PrincipalName client) {
    return String.join("/", client.getNameStrings()) + "@" + client.getRealm();
  }

  private static Secret cache(AsRep reply, EncKdcRepPart part) throws IOException {
    PrincipalName client = client(reply);
    part.getSname().setRealm(part.getSrealm());
    Credential credential = new Credential(new KrbTicket(reply.getTicket(), part), client);
    CredentialCache cache = new CredentialCache(credential);
    cache.setPrimaryPrincipal(client);
    Wiping out = new Wiping();
    try {
      cache.store(out);
      return Secret.taking(out.toByteArray());
    } finally {
      out.wipe();
    }
  }

  private static final class Wiping extends ByteArrayOutputStream {
    Wiping() {
      super(64 << 10); // large enough that no copy is left behind by growing
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
