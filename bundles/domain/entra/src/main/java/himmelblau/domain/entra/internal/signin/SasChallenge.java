package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.http.HttpCall;
import himmelblau.api.log.Log;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.util.Set;

/** Push, call, message and one-time code: BeginAuth, EndAuth, ProcessAuth (entra-interactive 4). */
final class SasChallenge extends FlowChallenge {
  private static final Log LOG = Log.of(SasChallenge.class);
  private static final String WHAT = "The second factor's service";
  private static final Set<String> CODES =
      Set.of("PhoneAppOTP", "OneWaySMS", "ConsolidatedTelephony");
  private static final Set<String> NUMBERS =
      Set.of("PhoneAppNotification", "CompanionAppsNotification");
  private static final Set<String> LATE =
      Set.of(
          "PhoneAppNoResponse",
          "SMSAuthFailedNoResponseTimeout",
          "UserVoiceAuthFailedCallWentToVoicemail",
          "UserVoiceAuthFailedPhoneUnreachable",
          "FlowTokenExpired");
  private static final Set<String> NO =
      Set.of("PhoneAppDenied", "PhoneAppEntropyIncorrect", "UserVoiceAuthFailedPhoneHungUp");
  private static final Set<String> WRONG_CODE =
      Set.of(
          "OathCodeIncorrect",
          "IncorrectOTP",
          "OathCodeOld",
          "OathCodeDuplicate",
          "SMSAuthFailedWrongCodeEntered",
          "VoiceOTPAuthFailedWrongCodeEntered");
  private static final int RETRYABLE = 50087;

  private final SignInFlow flow;
  private final Page page;
  private final String method;
  private final PollPace pace;
  private String context = "";
  private String flowToken = "";
  private String sessionId = "";
  private int polls;
  private long lastStart;
  private long lastEnd;

  SasChallenge(SignInFlow flow, FactorOffer offer) {
    super(offer);
    this.flow = flow;
    this.page = flow.page();
    this.method = offer.method();
    this.pace = PollPace.of(page.config(), method);
  }

  @Override
  Prompt start() throws DomainUnavailable, SignInRefused, AadstsError {
    Json reply = beginAuth();
    if (!reply.is("Success") && reply.number("ErrCode").orElse(0) == RETRYABLE) {
      reply = beginAuth();
    }
    if (!reply.is("Success")) {
      throw failed(reply);
    }
    context = reply.require("Ctx");
    flowToken = reply.require("FlowToken");
    sessionId = reply.text("SessionId").orElse(page.sessionId());
    Prompt prompt = Prompt.waiting(pace.interval(), pace.deadline());
    if (!offer().display().isEmpty()) {
      prompt = prompt.withTarget(offer().display());
    }
    // 0: the directory matches no number for this method.
    String number = reply.text("Entropy").orElse(String.valueOf(reply.number("Entropy").orElse(0)));
    return NUMBERS.contains(method) && !number.matches("0*")
        ? prompt.withNumber(printable(number))
        : prompt;
  }

  private static String printable(String number) throws DomainUnavailable {
    if (!number.matches("[0-9]{1,6}")) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, WHAT + " gave no usable number to match");
    }
    return number;
  }

  private Json beginAuth() throws DomainUnavailable, AadstsError {
    byte[] body =
        RequestBody.json()
            .with("AuthMethodId", method)
            .with("Method", "BeginAuth")
            .with("ctx", page.context())
            .with("flowToken", page.flowToken())
            .finish();
    return flow.browser()
        .script(
            HttpCall.post(page.url("urlBeginAuth"), DomainHttp.JSON, body)
                .header("canary", page.canary()),
            WHAT);
  }

  @Override
  Progress ask() throws DomainUnavailable, SignInRefused, AadstsError {
    String query = "authMethodId=" + method + "&pollCount=" + polls;
    if (polls > 0) {
      query += "&lastPollStart=" + lastStart + "&lastPollEnd=" + lastEnd;
    }
    polls++;
    URI end = page.url("urlEndAuth");
    URI uri = URI.create(end + (end.getRawQuery() == null ? "?" : "&") + query);
    lastStart = System.currentTimeMillis();
    HttpCall call =
        HttpCall.get(uri)
            .header("x-ms-sessionId", sessionId)
            .header("x-ms-flowToken", flowToken)
            .header("x-ms-ctx", context);
    Json reply = flow.browser().script(call, WHAT);
    lastEnd = System.currentTimeMillis();
    Progress progress = judge(reply);
    return progress == Progress.PENDING && polls >= pace.polls() ? Progress.EXPIRED : progress;
  }

  @Override
  Progress check(Secret code) throws DomainUnavailable, SignInRefused, AadstsError {
    if (!CODES.contains(method)) {
      return super.check(code);
    }
    byte[] body =
        RequestBody.json()
            .with("AdditionalAuthData", code)
            .with("AuthMethodId", method)
            .with("SessionId", sessionId)
            .with("FlowToken", flowToken)
            .with("Ctx", context)
            .with("Method", "EndAuth")
            .with("PollCount", 1)
            .finish();
    Json reply =
        flow.browser()
            .script(
                HttpCall.post(flow.own(page, "urlEndAuth"), DomainHttp.JSON, body)
                    .header("canary", page.canary()),
                WHAT);
    return judge(reply);
  }

  private Progress judge(Json reply) throws DomainUnavailable, SignInRefused {
    if (reply.is("Success")) {
      context = reply.require("Ctx");
      flowToken = reply.require("FlowToken");
      return Progress.APPROVED;
    }
    String result = reply.text("ResultValue").orElse("");
    if (NO.contains(result) || WRONG_CODE.contains(result)) {
      return Progress.DENIED;
    }
    if (result.endsWith("RetryReached")) {
      throw Refusals.because(Reason.FACTOR_FAILED, Refusals.TOO_MANY);
    }
    if (LATE.contains(result)) {
      return Progress.EXPIRED;
    }
    if (result.equals("AuthenticationPending") || reply.is("Retry")) {
      return Progress.PENDING;
    }
    throw failed(reply);
  }

  private SignInRefused failed(Json reply) throws DomainUnavailable {
    String result = reply.text("ResultValue").orElse("");
    LOG.info("entra.factor.failed", "method", method, "result", result);
    if (result.equals("UserAuthFailedDuplicateRequest")) {
      return Refusals.because(Reason.FACTOR_FAILED, Refusals.IN_PROGRESS);
    }
    long code = reply.number("ErrCode").orElse(0);
    return code > 0 && code < Integer.MAX_VALUE
        ? AadstsError.of((int) code, "").refused()
        : Refusals.because(Reason.FACTOR_FAILED, Refusals.AGAIN);
  }

  @Override
  FormResult complete() throws DomainUnavailable, AadstsError {
    // Inside the directory the one is the other, and only there it has the other's name.
    String known = method.equals("ConsolidatedTelephony") ? "OneWaySMS" : method;
    return flow.browser()
        .submit(
            page.url("urlPost"),
            RequestBody.form()
                .with("request", context)
                .with("mfaAuthMethod", known)
                .with("login", flow.name().upn())
                .with("flowToken", flowToken)
                .with("canary", page.canary()));
  }
}
