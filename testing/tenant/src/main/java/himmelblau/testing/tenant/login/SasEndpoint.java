package himmelblau.testing.tenant.login;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The strong authentication service: BeginAuth sends or asks, EndAuth polls or checks a code. */
public final class SasEndpoint {
  private static final Set<String> PUSH =
      Set.of("PhoneAppNotification", "CompanionAppsNotification");
  private static final Set<String> CALLS =
      Set.of("TwoWayVoiceMobile", "TwoWayVoiceAlternateMobile", "TwoWayVoiceOffice");
  private static final Set<String> TEXTS = Set.of("OneWaySMS", "ConsolidatedTelephony");
  private static final int FAILED = 500121;

  /** What a call came to. */
  record Result(boolean success, String value, String message, boolean retry) {
    static Result pending() {
      return new Result(false, "AuthenticationPending", "", true);
    }

    static Result ok() {
      return new Result(true, "Success", "", false);
    }

    static Result failed(String value, String message) {
      return new Result(false, value, message, false);
    }

    static Result again(String value, String message) {
      return new Result(false, value, message, true);
    }
  }

  private final Flows flows;
  private final Phone phone;
  private final Credentials credentials;
  private final SignIn signIn;
  private final TenantClock clock;

  public SasEndpoint(
      Flows flows, Phone phone, Credentials credentials, SignIn signIn, TenantClock clock) {
    this.flows = flows;
    this.phone = phone;
    this.credentials = credentials;
    this.signIn = signIn;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.of(
            "POST", "/{tenant}/SAS/BeginAuth", (request, path) -> begin(request), this::refuse),
        Route.of("GET", "/{tenant}/SAS/EndAuth", (request, path) -> poll(request), this::refuse),
        Route.of("POST", "/{tenant}/SAS/EndAuth", (request, path) -> end(request), this::refuse));
  }

  private Reply begin(Request request) {
    JsonObject asked = request.json().orElseThrow(() -> Refusal.aadsts(9002313));
    Flow flow = flows.find(Json.text(asked, "flowToken"), Json.text(asked, "ctx"));
    flows.requireCanaryHeader(flow, request);
    User user = flow.user().orElseThrow(() -> Refusal.aadsts(165000));
    String method = Json.text(asked, "AuthMethodId");
    Result begun = begin(flow, user, method);
    int number =
        flow.attempt()
            .filter(attempt -> begun.success())
            .flatMap(FactorAttempt::prompt)
            .flatMap(Phone.Prompt::number)
            .orElse(0);
    return answer(flow, method, number, begun);
  }

  /** Sends or asks what the method needs; the flow then has an attempt. */
  Result begin(Flow flow, User user, String method) {
    if (!signIn.secondFactors(user).contains(method)) {
      return Result.failed("ProofDataNotFound", "No such method.");
    }
    if (PUSH.contains(method) || CALLS.contains(method)) {
      Optional<Phone.Prompt> prompt = phone.prompt(user, method, PUSH.contains(method));
      if (prompt.isEmpty()) {
        return Result.failed(
            "UserAuthFailedDuplicateRequest",
            "Another request is waiting for an answer; approve it or wait a minute.");
      }
      flow.attempt(new FactorAttempt(method, prompt, Optional.empty()));
      return Result.ok();
    }
    Optional<String> code =
        TEXTS.contains(method) ? Optional.of(phone.text(user)) : Optional.empty();
    flow.attempt(new FactorAttempt(method, Optional.empty(), code));
    return Result.ok();
  }

  private Reply poll(Request request) {
    Flow flow =
        flows.find(
            request.header("x-ms-flowtoken").orElse(""), request.header("x-ms-ctx").orElse(""));
    String method = request.query().getOrDefault("authMethodId", "");
    String session = request.header("x-ms-sessionid").orElse("");
    return prompted(flow, method, session);
  }

  private Reply end(Request request) {
    JsonObject asked = request.json().orElseThrow(() -> Refusal.aadsts(9002313));
    Flow flow = flows.find(Json.text(asked, "FlowToken"), Json.text(asked, "Ctx"));
    String method = Json.text(asked, "AuthMethodId");
    String session = Json.text(asked, "SessionId");
    if (!asked.has("AdditionalAuthData")) {
      return prompted(flow, method, session);
    }
    flows.requireCanaryHeader(flow, request);
    FactorAttempt attempt = attempt(flow, method, session);
    String code = Json.text(asked, "AdditionalAuthData").strip();
    User user = flow.user().orElseThrow(() -> Refusal.aadsts(165000));
    return answer(flow, method, 0, typed(user, attempt, code));
  }

  /** Checks a code that was typed. */
  Result typed(User user, FactorAttempt attempt, String code) {
    boolean text = TEXTS.contains(attempt.method());
    if (attempt.exhausted()) {
      return tooMany(text);
    }
    String verdict =
        text
            ? attempt.code().equals(Optional.of(code)) ? "Success" : "SMSAuthFailedWrongCodeEntered"
            : credentials.checkOtp(user, code);
    if (verdict.equals("Success")) {
      attempt.succeed();
      return Result.ok();
    }
    return attempt.countWrong() >= 3
        ? tooMany(text)
        : Result.again(verdict, "The code is not correct.");
  }

  private static Result tooMany(boolean text) {
    return Result.failed(
        text ? "SMSAuthFailedMaxAllowedCodeRetryReached" : "OathCodeFailedMaxAllowedRetryReached",
        "Too many wrong codes were entered.");
  }

  private Reply prompted(Flow flow, String method, String session) {
    return answer(flow, method, 0, polled(attempt(flow, method, session)));
  }

  /** What the phone has answered until now. */
  Result polled(FactorAttempt attempt) {
    boolean call = CALLS.contains(attempt.method());
    Phone.Prompt prompt =
        attempt.prompt().orElseThrow(() -> Refusal.aadsts(FAILED, "This method is not polled."));
    Result result =
        switch (phone.poll(prompt)) {
          case PENDING -> Result.pending();
          case APPROVED -> Result.ok();
          case DENIED ->
              call
                  ? Result.failed("UserVoiceAuthFailedPhoneHungUp", "The call was ended.")
                  : Result.failed("PhoneAppDenied", "The request was denied.");
          case WRONG_NUMBER ->
              Result.failed("PhoneAppEntropyIncorrect", "The wrong number was entered.");
          case NO_ANSWER ->
              call
                  ? Result.failed("UserVoiceAuthFailedPhoneUnreachable", "Nobody answered.")
                  : Result.failed("PhoneAppNoResponse", "Nobody answered the request in time.");
        };
    if (result.success()) {
      attempt.succeed();
    }
    return result;
  }

  private static FactorAttempt attempt(Flow flow, String method, String session) {
    if (!flow.sessionId().equals(session)) {
      throw Refusal.aadsts(FAILED, "The session is not the one that was begun.");
    }
    FactorAttempt attempt =
        flow.attempt().orElseThrow(() -> Refusal.aadsts(FAILED, "Nothing was begun."));
    if (!attempt.method().equals(method)) {
      throw Refusal.aadsts(FAILED, "Another method was begun.");
    }
    return attempt;
  }

  private Reply answer(Flow flow, String method, int entropy, Result result) {
    JsonObject body = new JsonObject();
    body.addProperty("Success", result.success());
    body.addProperty("ResultValue", result.value());
    if (result.message().isEmpty()) {
      body.add("Message", JsonNull.INSTANCE);
    } else {
      body.addProperty("Message", result.message());
    }
    body.addProperty("AuthMethodId", method);
    boolean failed = !result.success() && !result.value().equals("AuthenticationPending");
    body.addProperty("ErrCode", failed ? FAILED : 0);
    body.addProperty("Retry", result.retry());
    body.addProperty("FlowToken", flow.newFlowToken());
    body.addProperty("Ctx", flow.newContext());
    body.addProperty("SessionId", flow.sessionId());
    body.addProperty("CorrelationId", flow.ask().correlationId());
    body.addProperty("Timestamp", clock.now().toString());
    body.addProperty("Entropy", entropy);
    return Reply.json(body);
  }

  private Reply refuse(Request request, Refusal refusal) {
    JsonObject body = new JsonObject();
    body.addProperty("Success", false);
    body.addProperty(
        "ResultValue", refusal.code() == 50089 ? "FlowTokenExpired" : "InvalidSession");
    body.addProperty("Message", refusal.text());
    body.addProperty("AuthMethodId", "");
    body.addProperty("ErrCode", refusal.code());
    body.addProperty("Retry", false);
    body.addProperty("FlowToken", "");
    body.addProperty("Ctx", "");
    body.addProperty("SessionId", "");
    body.addProperty("CorrelationId", "");
    body.addProperty("Timestamp", clock.now().toString());
    body.addProperty("Entropy", 0);
    return Reply.json(body);
  }
}
