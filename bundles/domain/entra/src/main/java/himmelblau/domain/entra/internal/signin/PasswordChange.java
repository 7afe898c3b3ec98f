package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.http.HttpCall;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Duration;
import java.util.Optional;

/** Sets a new password on the page that demands one (entra-interactive 7). */
final class PasswordChange {
  private static final String WHAT = "The password change";
  private static final int POLLS = 60;
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final SignInFlow flow;
  private final Page page;

  PasswordChange(SignInFlow flow) {
    this.flow = flow;
    this.page = flow.page();
  }

  /** Changes the password (both borrowed). */
  void run(Secret old, Secret fresh) throws DomainUnavailable, SignInRefused, AadstsError {
    Json job =
        call(
            "urlAsyncSsprBegin",
            RequestBody.json()
                .with("Ctx", page.context())
                .with("FlowToken", page.flowToken())
                .with("OldPassword", old)
                .with("NewPassword", fresh));
    for (int poll = 0; ; poll++) {
      Optional<String> message = job.text("ErrorMessage").filter(text -> !text.isBlank());
      if (message.isPresent()) {
        throw rejected(message.get());
      }
      if (!job.is("IsJobPending")) {
        break;
      }
      if (poll == POLLS) {
        throw new DomainUnavailable(
            DomainUnavailable.Kind.TEMPORARY, WHAT + " takes too long: try again later");
      }
      DomainHttp.pause(INTERVAL);
      job =
          call(
              "urlAsyncSsprPoll",
              RequestBody.json()
                  .with("Ctx", job.require("Ctx"))
                  .with("FlowToken", job.require("FlowToken"))
                  .with("CoupledDataCenter", job.text("CoupledDataCenter").orElse(""))
                  .with("CoupledScaleUnit", job.text("CoupledScaleUnit").orElse("")));
    }
    flow.browser()
        .submit(
            flow.own(page, "urlPost"),
            RequestBody.form()
                .with("ctx", job.require("Ctx"))
                .with("flowToken", job.require("FlowToken"))
                .with("currentpasswd", old)
                .with("newpasswd", fresh)
                .with("confirmnewpasswd", fresh)
                .with("canary", page.canary())
                .with("hpgrequestid", page.sessionId()));
  }

  private Json call(String url, RequestBody body) throws DomainUnavailable, AadstsError {
    HttpCall call =
        HttpCall.post(flow.own(page, url), DomainHttp.JSON, body.finish())
            .header("canary", page.canary());
    return flow.browser().script(call, WHAT);
  }

  private static SignInRefused rejected(String message) {
    String line = message.replaceAll("\\p{Cntrl}", " ").strip();
    return new SignInRefused(
        Reason.PASSWORD_REJECTED,
        Refusals.PASSWORD_NOT_CHANGED.replace(
            "{message}", line.substring(0, Math.min(200, line.length()))),
        Optional.empty(),
        true);
  }
}
