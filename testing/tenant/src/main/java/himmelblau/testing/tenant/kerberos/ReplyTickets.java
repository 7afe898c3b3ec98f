package himmelblau.testing.tenant.kerberos;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;

/** The members {@code tgt_cloud} and {@code tgt_ad} of the reply (entra-tokens 6.9). */
public final class ReplyTickets {
  public static final String CLOUD_REALM = "KERBEROS.MICROSOFTONLINE.COM";

  private static final int AES256 = 18;

  private final Settings settings;
  private final TenantClock clock;

  public ReplyTickets(Settings settings, TenantClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Adds what the directory gives to who asked for tickets. */
  public void add(JsonObject body, User user, byte[] sessionKey) {
    String key = settings.text("kerberos-key");
    if (key.isEmpty()) {
      body.addProperty("tgt_cloud", none());
      return;
    }
    body.addProperty("tgt_cloud", ticket(user.upn(), CLOUD_REALM, key, sessionKey));
    body.addProperty("kerberos_top_level_names", settings.text("kerberos-names"));
    String realm = settings.text("kerberos-ad-realm");
    if (!realm.isEmpty()) {
      String account = user.upn().replaceAll("@.*", "");
      body.addProperty(
          "tgt_ad", ticket(account, realm, settings.text("kerberos-ad-key"), sessionKey));
    }
  }

  private static String none() {
    JsonObject json = new JsonObject();
    json.addProperty("keyType", 0);
    json.addProperty("error", "Kerberos is not set up for this tenant");
    json.addProperty("sessionKeyType", 0);
    json.addProperty("accountType", 0);
    return Reply.GSON.toJson(json);
  }

  private String ticket(String client, String realm, String realmKey, byte[] sessionKey) {
    String fault = settings.text("kerberos-fault");
    Instant now = clock.now();
    byte[] clientKey = SessionJwe.random(32);
    byte[] message =
        TicketMint.asRep(
            new TicketMint.Order(
                fault.equals("same-client") ? "somebody@example.com" : client,
                realm,
                fault.equals("wrong-realm") ? "ELSEWHERE.EXAMPLE" : realm,
                HexFormat.of().parseHex(realmKey),
                settings.number("kerberos-key-version"),
                clientKey,
                EncryptionType.AES256_CTS_HMAC_SHA1_96,
                now.minusSeconds(1),
                now.plusSeconds(settings.number("kerberos-seconds"))));
    if (fault.equals("truncated")) {
      message = Arrays.copyOf(message, message.length / 2);
    }
    JsonObject json = new JsonObject();
    json.addProperty(
        "clientKey",
        SessionJwe.encrypt(
            sessionKey,
            fault.equals("wrong-key") ? SessionJwe.random(32) : clientKey,
            settings.on("gcm-responses")));
    json.addProperty("keyType", fault.equals("wrong-type") ? 23 : AES256);
    json.addProperty("messageBuffer", Encoding.b64(message));
    json.addProperty("realm", realm);
    json.addProperty("sn", "krbtgt/" + realm);
    json.addProperty("cn", client);
    json.addProperty("sessionKeyType", AES256);
    json.addProperty("accountType", 1);
    String text = Reply.GSON.toJson(json);
    return fault.equals("no-json") ? text.substring(0, text.length() / 2) : text;
  }
}
