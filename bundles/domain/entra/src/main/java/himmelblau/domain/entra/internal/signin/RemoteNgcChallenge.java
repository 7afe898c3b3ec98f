package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.http.HttpCall;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Passwordless phone sign-in (entra-interactive 5.1). */
final class RemoteNgcChallenge extends FlowChallenge {
  private static final String WHAT = "The phone sign-in's service";
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final SignInFlow flow;
  private final Page page;
  private final String offered;
  private String session = "";
  private String entropy = "";

  RemoteNgcChallenge(SignInFlow flow, FactorOffer offer, String offered) {
    super(offer);
    this.flow = flow;
    this.page = flow.page();
    this.offered = offered;
  }

  @Override
  Prompt start() throws DomainUnavailable, SignInRefused, AadstsError {
    byte[] body =
        RequestBody.json()
            .with("Channel", "Authenticator")
            .with("FlowToken", page.flowToken())
            .with("OldDeviceCode", offered)
            .with("OriginalRequest", page.context())
            .finish();
    URI uri = page.url("urlGetOneTimeCode", flow.tenant().authority().at("GetOneTimeCode"));
    Json reply =
        flow.browser()
            .script(
                HttpCall.post(uri, DomainHttp.JSON, body)
                    .header("client-request-id", flow.requestId())
                    .header("Canary", page.canary()),
                WHAT);
    if (reply.object("error").isPresent()) {
      throw Refusals.because(Reason.FACTOR_FAILED, Refusals.AGAIN);
    }
    Json parameters = reply.requireObject("RemoteNgcParams");
    session = parameters.require("SessionIdentifier");
    entropy = Long.toString(parameters.requireNumber("Entropy"));
    long polls = Math.min(page.config().number("iMaxPollAttempts").orElse(60), 180);
    return Prompt.waiting(INTERVAL, INTERVAL.multipliedBy(polls + 1)).withNumber(entropy);
  }

  @Override
  Progress ask() throws DomainUnavailable, AadstsError {
    URI state = page.url("urlSessionState");
    URI uri =
        URI.create(
            state
                + (state.getRawQuery() == null ? "?code=" : "&code=")
                + URLEncoder.encode(session, StandardCharsets.UTF_8));
    byte[] body = RequestBody.json().with("DeviceCode", session).finish();
    Json reply =
        flow.browser()
            .script(
                HttpCall.post(uri, DomainHttp.JSON, body).header("canary", page.canary()), WHAT);
    long now = reply.requireNumber("AuthorizationState");
    if (now == 0 || now == 3 || now == 6) {
      return Progress.PENDING;
    }
    if (now == 2) {
      return Progress.APPROVED;
    }
    return now == 1 ? Progress.DENIED : Progress.EXPIRED;
  }

  @Override
  FormResult complete() throws DomainUnavailable, AadstsError {
    return flow.browser()
        .submit(
            page.url("urlPost"),
            RequestBody.form()
                .with("code", session)
                .with("psRNGCSLK", session)
                .with("login", flow.name().upn())
                .with("loginfmt", flow.name().upn())
                .with("psRNGCEntropy", entropy)
                .with("flowToken", page.flowToken())
                .with("canary", page.canary())
                .with("ctx", page.context()));
  }
}
