package himmelblau.testing.tenant.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.crypto.Totp;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.login.Credentials;
import himmelblau.testing.tenant.login.Phone;
import himmelblau.testing.tenant.token.Proof;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The actions of a user with a phone: answers prompts, reads codes, enters device codes in a
 * browser.
 */
final class PhoneCommands {
  private static final Set<String> CODE_METHODS =
      Set.of("PhoneAppOTP", "PhoneAppNotification", "CompanionAppsNotification", "RemoteNGC");
  private final Service service;

  PhoneCommands(Service service) {
    this.service = service;
  }

  void register(Map<String, AdminHandler.Command> commands) {
    commands.put("phone-pending", this::pending);
    commands.put("phone-approve", arguments -> answer(arguments, true));
    commands.put("phone-deny", arguments -> answer(arguments, false));
    commands.put("phone-all", arguments -> all());
    commands.put("sms", this::sms);
    commands.put("otp", this::otp);
    commands.put("tap", this::tap);
    commands.put("devicecode-approve", this::deviceCodeApprove);
    commands.put("devicecode-decline", this::deviceCodeDecline);
  }

  private User user(Arguments arguments) {
    String upn = arguments.need("upn");
    return service
        .directory()
        .user(upn)
        .orElseThrow(() -> new IllegalArgumentException("no user '" + upn + "'"));
  }

  /** The prompts of one user; the number stays on the other screen, as with the real app. */
  private JsonElement pending(Arguments arguments) throws InterruptedException {
    User user = user(arguments);
    long millis = (long) (arguments.number("wait", 0) * 1000);
    JsonArray list = new JsonArray();
    service.phone().await(user.id(), millis).forEach(prompt -> list.add(show(prompt)));
    return list;
  }

  private static JsonObject show(Phone.Prompt prompt) {
    JsonObject entry = new JsonObject();
    entry.addProperty("upn", prompt.upn());
    entry.addProperty("method", prompt.method());
    entry.addProperty("created", prompt.created().toString());
    entry.addProperty("needsNumber", prompt.number().isPresent());
    return entry;
  }

  private JsonElement answer(Arguments arguments, boolean approve) throws InterruptedException {
    User user = user(arguments);
    long millis = (long) (arguments.number("wait", 0) * 1000);
    List<Phone.Prompt> open = service.phone().await(user.id(), millis);
    if (open.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing is pending for " + user.upn() + "; start a sign-in first, or wait with --wait");
    }
    Phone.Prompt prompt = open.getLast();
    Optional<Integer> number =
        arguments.text("number").map(text -> (int) arguments.number("number", 0));
    if (approve && prompt.number().isPresent() && number.isEmpty()) {
      throw new IllegalArgumentException("this prompt wants the number that the screen shows");
    }
    Phone.State state = service.phone().answer(prompt, approve, number);
    return AdminHandler.text(
        switch (state) {
          case APPROVED -> "approved";
          case DENIED -> "denied";
          case WRONG_NUMBER -> "wrong number: sign-in denied";
          default -> "too late";
        });
  }

  private JsonElement sms(Arguments arguments) {
    User user = user(arguments);
    JsonArray list = new JsonArray();
    service.phone().messages().stream()
        .filter(message -> message.user().equals(user.id()))
        .forEach(message -> list.add(show(message)));
    return list;
  }

  private static JsonObject show(Phone.Message message) {
    JsonObject entry = new JsonObject();
    entry.addProperty("upn", message.upn());
    entry.addProperty("sent", message.sent().toString());
    entry.addProperty("text", message.text());
    entry.addProperty("code", message.code());
    return entry;
  }

  private JsonElement otp(Arguments arguments) {
    User user = user(arguments);
    if (arguments.on("secret")) {
      return AdminHandler.text(Totp.base32(Credentials.totpSecret(user)));
    }
    return AdminHandler.text(service.credentials().otp(user));
  }

  private JsonElement tap(Arguments arguments) {
    User user = user(arguments);
    return AdminHandler.text(
        service
            .credentials()
            .newPass(user, (int) (arguments.number("minutes", 60) * 60), !arguments.on("multi")));
  }

  /** Everything that somebody with a phone in hand might want to see. */
  private JsonElement all() {
    JsonArray prompts = new JsonArray();
    service.phone().pending().forEach(prompt -> prompts.add(show(prompt)));
    JsonArray messages = new JsonArray();
    List<Phone.Message> sent = service.phone().messages();
    sent.subList(Math.max(0, sent.size() - 20), sent.size())
        .forEach(message -> messages.add(show(message)));
    JsonArray codes = new JsonArray();
    int shown = 0;
    for (Tenant tenant : service.directory().tenants()) {
      for (User user : service.directory().users(tenant.id())) {
        if (shown < 50 && user.methods().stream().anyMatch(CODE_METHODS::contains)) {
          JsonObject entry = new JsonObject();
          entry.addProperty("upn", user.upn());
          entry.addProperty("code", service.credentials().otp(user));
          codes.add(entry);
          shown++;
        }
      }
    }
    JsonArray devices = new JsonArray();
    service.deviceCodes().pending().forEach(code -> devices.add(code.userCode()));
    JsonObject all = new JsonObject();
    all.add("prompts", prompts);
    all.add("messages", messages);
    all.add("otp", codes);
    all.add("deviceCodes", devices);
    return all;
  }

  private JsonElement deviceCodeApprove(Arguments arguments) {
    User user = user(arguments);
    Proof proof = Proof.of(user.tenant(), user.id(), List.of("pwd"), service.clock().now());
    if (!arguments.on("no-mfa")) {
      proof = proof.withMfa(service.clock().now());
      if (service.deviceCodes().typed(arguments.need("code")).ngcmfa()) {
        proof = proof.and("ngcmfa");
      }
    }
    service.deviceCodes().approve(arguments.need("code"), proof);
    return AdminHandler.text("approved as " + user.upn());
  }

  private JsonElement deviceCodeDecline(Arguments arguments) {
    service.deviceCodes().decline(arguments.need("code"));
    return AdminHandler.text("declined");
  }
}
