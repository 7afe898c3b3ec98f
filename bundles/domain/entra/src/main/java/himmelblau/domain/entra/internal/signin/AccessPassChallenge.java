package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A Temporary Access Pass (entra-interactive 5.3). */
final class AccessPassChallenge extends FlowChallenge {
  private static final int WRONG = 130503;

  private final SignInFlow flow;
  private final Page page;
  private @Nullable FormResult answer;

  AccessPassChallenge(SignInFlow flow, FactorOffer offer) {
    super(offer);
    this.flow = flow;
    this.page = flow.page();
  }

  @Override
  Prompt start() {
    return Prompt.waiting(Duration.ofSeconds(5), Duration.ofMinutes(5));
  }

  @Override
  Progress check(Secret pass) throws DomainUnavailable, AadstsError {
    boolean second = page.url("urlPost").getPath().contains("ProcessAuth");
    RequestBody form =
        RequestBody.form()
            .with("login", flow.name().upn())
            .with("loginfmt", flow.name().upn())
            .with("accesspass", pass)
            .with("canary", page.canary())
            .with("hpgrequestid", page.sessionId())
            .with("flowToken", page.flowToken())
            .with(second ? "request" : "ctx", page.context());
    FormResult reply = flow.browser().submit(flow.own(page, "urlPost"), form);
    if (reply instanceof FormResult.Shown shown && shown.page().error().isPresent()) {
      AadstsError error = shown.page().error().get();
      if (error.has(WRONG)) {
        return Progress.DENIED;
      }
      throw error;
    }
    answer = reply;
    return Progress.APPROVED;
  }

  @Override
  FormResult complete() {
    FormResult known = answer;
    if (known == null) {
      throw new IllegalStateException("The pass was not accepted");
    }
    return known;
  }
}
