package himmelblau.kerberos.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.secret.Secret;
import himmelblau.testing.tenant.kerberos.TicketMint;
import himmelblau.testing.tenant.kerberos.TicketMint.Order;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.kerby.kerberos.kerb.ccache.CredentialCache;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TicketReaderTest {
  private static final String CLOUD = "KERBEROS.MICROSOFTONLINE.COM";
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final byte[] KEY = new byte[32];
  private static final byte[] REALM_KEY = new byte[32];

  static {
    Arrays.fill(KEY, (byte) 7);
    Arrays.fill(REALM_KEY, (byte) 9);
  }

  private final TicketReader reader = new TicketReader(() -> NOW);

  private static Order order() {
    return order("ada@contoso.example", CLOUD, CLOUD, NOW, NOW.plus(Duration.ofHours(10)));
  }

  private static Order order(
      String client, String realm, String replyRealm, Instant begins, Instant ends) {
    return new Order(
        client,
        realm,
        replyRealm,
        REALM_KEY,
        1,
        KEY,
        EncryptionType.AES256_CTS_HMAC_SHA1_96,
        begins,
        ends);
  }

  private static KerberosTicket ticket(Kind kind, byte[] message) {
    return new KerberosTicket(kind, Secret.copyOf(message), Secret.copyOf(KEY));
  }

  private String refused(Kind kind, byte[] message) {
    try (KerberosTicket ticket = ticket(kind, message)) {
      return String.valueOf(
          assertThrows(TicketRefused.class, () -> reader.open(ticket)).getMessage());
    }
  }

  private String refused(Order order) {
    return refused(Kind.CLOUD, TicketMint.asRep(order));
  }

  @Test
  void makesACacheOfATicket() throws Exception {
    try (KerberosTicket ticket = ticket(Kind.CLOUD, TicketMint.asRep(order()));
        OpenedTicket opened = reader.open(ticket)) {
      assertEquals("ada@contoso.example@" + CLOUD, opened.principal());
      assertEquals(NOW.plus(Duration.ofHours(10)), opened.ends());
      CredentialCache cache = new CredentialCache();
      cache.load(new ByteArrayInputStream(opened.cache().copyBytes()));
      assertEquals(3, cache.getVersion() & 0xff);
      assertEquals(1, cache.getCredentials().size());
      assertEquals(
          "krbtgt/" + CLOUD + "@" + CLOUD,
          cache.getCredentials().getFirst().getServicePrincipal().getName());
      assertEquals(
          32, cache.getCredentials().getFirst().getKey().getKeyData().length, "session key");
    }
  }

  @Test
  void takesATicketOfTheOrganizationsRealm() throws Exception {
    byte[] message =
        TicketMint.asRep(
            order("ada", "CORP.EXAMPLE", "CORP.EXAMPLE", NOW, NOW.plus(Duration.ofHours(1))));
    try (KerberosTicket ticket = ticket(Kind.ON_PREMISES, message);
        OpenedTicket opened = reader.open(ticket)) {
      assertEquals("ada@CORP.EXAMPLE", opened.principal());
    }
  }

  @Test
  void refusesEveryCut() {
    byte[] message = TicketMint.asRep(order());
    for (int length = 0; length < message.length; length++) {
      refused(Kind.CLOUD, Arrays.copyOf(message, length));
    }
    assertEquals(
        "It is cut off, or something follows it",
        refused(Kind.CLOUD, Arrays.copyOf(message, message.length + 1)));
  }

  @Test
  void refusesDamageAndNeverFailsInAnotherWay() {
    byte[] message = TicketMint.asRep(order());
    Random random = new Random(4711);
    int refusals = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = message.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try (KerberosTicket ticket = ticket(Kind.CLOUD, damaged)) {
        reader.open(ticket).close(); // damage within the ticket is for the KDC to see
      } catch (TicketRefused e) {
        refusals++;
      }
    }
    assertTrue(refusals > 200, "refused " + refusals);
  }

  @Test
  void refusesDeepNesting() {
    byte[] deep = new byte[40_000];
    int at = 0;
    for (int left = deep.length; left > 8; left = deep.length - at) {
      deep[at] = (byte) (at == 0 ? 0x6b : 0x30);
      at++;
      deep[at++] = (byte) 0x82;
      int inside = deep.length - at - 2;
      deep[at++] = (byte) (inside >> 8);
      deep[at++] = (byte) inside;
    }
    refused(Kind.CLOUD, deep);
  }

  @Test
  void refusesAWrongKey() {
    Order order = order();
    byte[] other = KEY.clone();
    other[31] ^= 1;
    byte[] message =
        TicketMint.asRep(
            new Order(
                order.client(),
                order.realm(),
                order.replyRealm(),
                REALM_KEY,
                1,
                other,
                order.sessionType(),
                order.begins(),
                order.ends()));
    assertEquals(
        "It cannot be decrypted with the key that came with it", refused(Kind.CLOUD, message));
  }

  @Test
  void refusesAnotherEncryption() {
    byte[] message = TicketMint.asRep(order());
    byte[] type = HexFormat.of().parseHex("a003020112"); // [0] INTEGER 18
    int last = -1;
    for (int i = 0; i + type.length <= message.length; i++) {
      if (Arrays.equals(Arrays.copyOfRange(message, i, i + type.length), type)) {
        last = i; // of the part behind the ticket
      }
    }
    message[last + 4] = 17;
    assertEquals("It is encrypted in another way than its key says", refused(Kind.CLOUD, message));
  }

  @Test
  void refusesAWeakSessionKey() {
    Order order = order();
    String why =
        refused(
            new Order(
                order.client(),
                order.realm(),
                order.replyRealm(),
                REALM_KEY,
                1,
                KEY,
                EncryptionType.ARCFOUR_HMAC,
                order.begins(),
                order.ends()));
    assertEquals("Its session key is of a type that is not used", why);
  }

  @Test
  void refusesAnotherRealm() {
    Instant end = NOW.plus(Duration.ofHours(1));
    byte[] elsewhere = TicketMint.asRep(order("ada", "CORP.EXAMPLE", "CORP.EXAMPLE", NOW, end));
    assertEquals("It is of the realm CORP.EXAMPLE", refused(Kind.CLOUD, elsewhere));
    assertEquals(
        "It is of the realm " + CLOUD, refused(Kind.ON_PREMISES, TicketMint.asRep(order())));
    assertEquals(
        "Its parts are of different realms",
        refused(order("ada", CLOUD, "CORP.EXAMPLE", NOW, end)));
    assertEquals(
        "A realm in it is not the name of a domain",
        refused(Kind.ON_PREMISES, TicketMint.asRep(order("ada", "X = {\n", "X = {\n", NOW, end))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada/admin", "a b", "ada\nroot", ""})
  void refusesANameThatIsNoUsers(String client) {
    assertEquals(
        "Its client is not the name of a user",
        refused(order(client, CLOUD, CLOUD, NOW, NOW.plus(Duration.ofHours(1)))));
  }

  @Test
  void refusesATimeThatCannotBe() {
    assertTrue(
        refused(order("ada", CLOUD, CLOUD, NOW.minusSeconds(99), NOW.minusSeconds(1)))
            .startsWith("It ends at "));
    assertTrue(
        refused(order("ada", CLOUD, CLOUD, NOW, NOW.plus(Duration.ofDays(40))))
            .startsWith("It ends at "));
    assertTrue(
        refused(
                order(
                    "ada",
                    CLOUD,
                    CLOUD,
                    NOW.plus(Duration.ofHours(2)),
                    NOW.plus(Duration.ofHours(3))))
            .startsWith("It begins at "));
  }
}
