package himmelblau.audit.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An audit event as one JSON object on one line (docs/events.md, docs/events.schema.json). */
final class AuditRecord {
  /** Grows when a member changes its meaning or goes; members may be added without. */
  static final int SCHEMA = 1;

  private static final String AUDIT = "audit";
  private static final String CONVERSATION = "conversation";
  private static final Pattern MARKER = Pattern.compile("([a-z_]+)/([a-z_]+)");
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** Member of the record to field of the first event of the conversation. */
  private static final List<Map.Entry<String, String>> OF_THE_CONVERSATION =
      List.of(
          Map.entry("user", "user"),
          Map.entry("call", "call"),
          Map.entry("service", "service"),
          Map.entry("tty", "tty"),
          Map.entry("remote_host", "rhost"),
          Map.entry("caller_uid", "uid"),
          Map.entry("caller_pid", "pid"));

  /** What events say that belong to no conversation that begins with {@code login.start}. */
  private static final List<Map.Entry<String, String>> OF_THE_EVENT =
      List.of(Map.entry("service", "service"), Map.entry("remote_host", "rhost"));

  private AuditRecord() {}

  /** Empty if the event is none for an audit. */
  static Optional<String> of(LogEvent event, Optional<LogEvent> begin, String host) {
    Matcher marker = MARKER.matcher(event.field(AUDIT).orElse(""));
    if (!marker.matches()) {
      return Optional.empty();
    }
    JsonObject record = new JsonObject();
    record.addProperty("schema", SCHEMA);
    record.addProperty("time", event.time().truncatedTo(ChronoUnit.MILLIS).toString());
    record.addProperty("host", host);
    record.addProperty("source", event.source());
    record.addProperty("event", event.name());
    record.addProperty("kind", marker.group(1));
    record.addProperty("outcome", marker.group(2));
    record.addProperty("level", event.level());
    add(record, "conversation", event.field(CONVERSATION));
    add(record, "account", event.field("account"));
    add(record, "reason_code", event.field("code"));
    add(record, "reason", event.field("reason").or(() -> event.field("why")));
    OF_THE_CONVERSATION.forEach(
        member ->
            add(record, member.getKey(), begin.flatMap(first -> first.field(member.getValue()))));
    OF_THE_EVENT.forEach(member -> add(record, member.getKey(), event.field(member.getValue())));
    JsonObject details = new JsonObject();
    event
        .fields()
        .forEach(
            (key, value) -> {
              if (!key.equals(AUDIT) && !key.equals(CONVERSATION)) {
                details.addProperty(key, value);
              }
            });
    record.add("details", details);
    return Optional.of(GSON.toJson(record));
  }

  private static void add(JsonObject record, String member, Optional<String> value) {
    value.ifPresent(text -> record.addProperty(member, text));
  }
}
