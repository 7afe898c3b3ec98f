package himmelblau.audit.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class AuditRecordTest {
  private static final String START =
      "2026-01-31T10:00:00Z info himmelblau.login login.start conversation=00c1 call=authenticate"
          + " user=ada service=sshd tty=- rhost=192.0.2.7 remote=true uid=0 pid=12";
  private static final String DENIED =
      "2026-01-31T10:00:01.123456Z info himmelblau.login login.refused conversation=00c1"
          + " account=ada@example.com reason=BAD_CREDENTIALS code=AADSTS50126 audit=sign_in/denied";

  private static Optional<JsonObject> record(Conversations conversations, String line) {
    LogEvent event = LineReader.read(line).orElseThrow();
    conversations.note(event);
    return AuditRecord.of(event, conversations.begin(event), "host1")
        .map(text -> JsonParser.parseString(text).getAsJsonObject());
  }

  private static JsonObject schema() throws IOException {
    Path place = Path.of("docs/events.schema.json");
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve(place))) {
      here = here.getParent();
    }
    return JsonParser.parseString(Files.readString(here.resolve(place))).getAsJsonObject();
  }

  private static Set<String> words(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsKnownOfTheConversationIsAdded() {
    Conversations conversations = new Conversations();
    assertEquals(Optional.empty(), record(conversations, START), "no audit event itself");
    assertEquals(
        "{\"schema\":1,\"time\":\"2026-01-31T10:00:01.123Z\",\"host\":\"host1\","
            + "\"source\":\"himmelblau.login\",\"event\":\"login.refused\",\"kind\":\"sign_in\","
            + "\"outcome\":\"denied\",\"level\":\"info\",\"conversation\":\"00c1\","
            + "\"account\":\"ada@example.com\",\"reason_code\":\"AADSTS50126\","
            + "\"reason\":\"BAD_CREDENTIALS\",\"user\":\"ada\",\"call\":\"authenticate\","
            + "\"service\":\"sshd\",\"remote_host\":\"192.0.2.7\",\"caller_uid\":\"0\","
            + "\"caller_pid\":\"12\",\"details\":{\"account\":\"ada@example.com\","
            + "\"reason\":\"BAD_CREDENTIALS\",\"code\":\"AADSTS50126\"}}",
        AuditRecord.of(
                LineReader.read(DENIED).orElseThrow(),
                conversations.begin(LineReader.read(DENIED).orElseThrow()),
                "host1")
            .orElseThrow());
  }

  @Test
  void anEventOfAnotherCallSaysItself() {
    JsonObject record =
        record(
                new Conversations(),
                "2026-01-31T10:00:00Z warn himmelblau.login login.not_allowed conversation=00c2"
                    + " account=ada@example.com service=cron rhost=\"\" audit=sign_in/denied")
            .orElseThrow();
    assertEquals("cron", record.get("service").getAsString());
    assertTrue(!record.has("remote_host") && !record.has("user"), record.toString());
  }

  @Test
  void onlyTheMarkMakesAnAuditEvent() {
    for (String rest : List.of("", " audit=", " audit=yes", " user=\"x audit=sign_in/success\"")) {
      String line = "2026-01-31T10:00:00Z info himmelblau.login login.ok" + rest;
      assertEquals(Optional.empty(), record(new Conversations(), line), rest);
    }
  }

  @Test
  void conversationsThatWereForgottenLackOnlyTheirBeginning() {
    Conversations conversations = new Conversations();
    record(conversations, START);
    for (int i = 0; i < 1024; i++) {
      record(conversations, START.replace("00c1", String.format("%08x", i)));
    }
    assertEquals(
        "ada@example.com",
        record(conversations, DENIED).orElseThrow().get("account").getAsString());
    assertTrue(!record(conversations, DENIED).orElseThrow().has("service"));
  }

  @Test
  void theSchemaHasWhatTheApiHas() throws IOException {
    JsonObject properties = schema().getAsJsonObject("properties");
    assertEquals(lower(AuditKind.values()), words(properties.getAsJsonObject("kind").get("enum")));
    assertEquals(
        lower(AuditOutcome.values()), words(properties.getAsJsonObject("outcome").get("enum")));
    assertEquals(AuditRecord.SCHEMA, properties.getAsJsonObject("schema").get("const").getAsInt());
    Conversations conversations = new Conversations();
    record(conversations, START.replace("tty=-", "tty=pts/1"));
    JsonObject full = record(conversations, DENIED).orElseThrow();
    assertEquals(properties.keySet(), full.keySet(), "all members, in one record");
  }

  private static Set<String> lower(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }
}
