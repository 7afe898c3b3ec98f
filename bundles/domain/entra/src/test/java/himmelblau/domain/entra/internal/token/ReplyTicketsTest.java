package himmelblau.domain.entra.internal.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.SessionKey;
import himmelblau.domain.entra.internal.wire.Json;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyTicketsTest {
  private static final String TENANT = "11111111-2222-3333-4444-555555555555";
  private static final byte[] KEY = new byte[32];
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final String GOOD = ticket("18", base64(KEY), base64(MESSAGE));

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String ticket(String type, String key, String message) {
    return "{\"keyType\":%s,\"clientKey\":\"%s\",\"messageBuffer\":\"%s\"}"
        .formatted(type, key, message);
  }

  private static ReplyTickets read(String reply) throws Exception {
    try (SessionKey session = new SessionKey(Secret.copyOf(new byte[32]))) {
      return ReplyTickets.of(Json.parse(reply, "The reply"), session, TENANT).orElseThrow();
    }
  }

  private static List<KerberosTicket> cloud(String value) throws Exception {
    return read("{\"tgt_cloud\":" + value + "}").tickets();
  }

  private static String quoted(String json) {
    return "\"" + json.replace("\"", "\\\"") + "\"";
  }

  @Test
  void readsBothAsObjectsAndAsText() throws Exception {
    String names = "\"kerberos_top_level_names\":\".windows.net, .azure.net:1433,\"";
    try (ReplyTickets found =
        read("{\"tgt_ad\":" + quoted(GOOD) + ",\"tgt_cloud\":" + GOOD + "," + names + "}")) {
      assertEquals(
          List.of(Kind.CLOUD, Kind.ON_PREMISES),
          found.tickets().stream().map(KerberosTicket::kind).toList());
      assertEquals(TENANT, found.tenantId().toString());
      assertEquals(List.of(".windows.net", ".azure.net:1433"), found.suffixes());
      found
          .tickets()
          .getFirst()
          .reply()
          .use(
              raw -> {
                assertArrayEquals(MESSAGE, raw);
                return raw.length;
              });
    }
  }

  @Test
  void nothingOfADirectoryWithoutAnId() throws Exception {
    try (SessionKey session = new SessionKey(Secret.copyOf(new byte[32]))) {
      for (String id : new String[] {"", "contoso.example", "../../etc", "1-1-1-1-x"}) {
        assertTrue(ReplyTickets.of(Json.parse("{}", "It"), session, id).isEmpty(), id);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "true",
        "[]",
        "[{}]",
        "{}",
        "\"\"",
        "\"{\"",
        "\"[]\"",
        "\"null\"",
        "\"[[[[\"",
        "{\"keyType\":18}",
        "{\"keyType\":\"x\"}",
        "{\"keyType\":1e99}",
        "{\"keyType\":{}}",
        "{\"keyType\":18,\"clientKey\":[],\"messageBuffer\":{}}"
      })
  void otherJsonIsNoTicketAndNoError(String value) throws Exception {
    assertEquals(List.of(), cloud(value));
  }

  @Test
  void otherKeysAndTypesAreNoTicket() throws Exception {
    for (String type : new String[] {"0", "17", "20", "23", "-18", "18.5", "999999999999"}) {
      assertEquals(List.of(), cloud(ticket(type, base64(KEY), base64(MESSAGE))), type);
    }
    for (int length : new int[] {1, 16, 31, 33, 64, 100_000}) {
      assertEquals(List.of(), cloud(ticket("18", base64(new byte[length]), base64(MESSAGE))));
    }
    for (String key : new String[] {"", "*", "AAA=A", "a.b", "....", "a.b.c.d.e", "\u00e4"}) {
      assertEquals(List.of(), cloud(ticket("18", key, base64(MESSAGE))), key);
    }
    assertEquals(List.of(), cloud(GOOD.replace("{", "{\"error\":\"none\",")));
  }

  @Test
  void otherMessagesAreNoTicket() throws Exception {
    for (String message : new String[] {"", "*", "A", "AAA A"}) {
      assertEquals(List.of(), cloud(ticket("18", base64(KEY), message)), message);
    }
    assertEquals(1, cloud(ticket("18", base64(KEY), base64(new byte[48 << 10]))).size());
    assertEquals(List.of(), cloud(ticket("18", base64(KEY), base64(new byte[(48 << 10) + 1]))));
  }

  @Test
  void oneSpoiltTicketLeavesTheOther() throws Exception {
    List<KerberosTicket> found = read("{\"tgt_cloud\":17,\"tgt_ad\":" + GOOD + "}").tickets();
    assertEquals(List.of(Kind.ON_PREMISES), found.stream().map(KerberosTicket::kind).toList());
  }

  @Test
  void aCopyLivesOn() throws Exception {
    ReplyTickets found = read("{\"tgt_cloud\":" + GOOD + "}");
    try (ReplyTickets copy = found.copy()) {
      found.close();
      assertEquals(MESSAGE.length, copy.tickets().getFirst().reply().length());
    }
  }
}
