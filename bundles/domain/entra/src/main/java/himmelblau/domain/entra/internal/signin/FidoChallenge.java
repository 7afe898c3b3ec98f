package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A security key or passkey, as the first or the second factor (entra-interactive 5.2). */
final class FidoChallenge extends FlowChallenge {
  private static final String RELYING_PARTY = "login.microsoft.com";

  /** The service says no time: two minutes are what its own page waits. */
  private static final Duration VALID = Duration.ofMinutes(2);

  private final SignInFlow flow;
  private final Page page;
  private final List<String> allowed;
  private final boolean crossDevice;
  private @Nullable Page fido;
  private @Nullable FormResult answer;

  /**
   * @param allowed credential ids in base64
   */
  FidoChallenge(SignInFlow flow, FactorOffer offer, List<String> allowed, boolean crossDevice) {
    super(offer);
    this.flow = flow;
    this.page = flow.page();
    this.allowed = List.copyOf(allowed);
    this.crossDevice = crossDevice;
  }

  @Override
  Prompt start() throws DomainUnavailable, SignInRefused, AadstsError {
    String post = page.url("urlPost").toString();
    String resume = page.url("urlResume").toString();
    RequestBody form =
        RequestBody.form()
            .with("flow", "mfa")
            .with("allowedIdentities", page.config().number("iAllowedIdentities").orElse(2))
            .with("canary", page.flowToken())
            .with("serverChallenge", page.flowToken())
            .with("postBackUrl", post)
            .with("postBackUrlAad", post)
            .with("cancelUrl", resume)
            .with("resumeUrl", resume)
            .with("correlationId", flow.requestId())
            .with("credentialsJson", String.join(",", allowed))
            .with("ctx", page.context())
            .with("username", flow.name().upn())
            .with("loginCanary", page.canary());
    FormResult reply = flow.browser().submit(page.url("urlFidoLogin"), form);
    if (!(reply instanceof FormResult.Shown shown)) {
      throw Refusals.because(Reason.FACTOR_FAILED, Refusals.AGAIN);
    }
    Optional<AadstsError> error = shown.page().error();
    if (error.isPresent()) {
      throw error.get();
    }
    fido = shown.page();
    List<byte[]> ids = new ArrayList<>();
    for (String id : allowed) {
      ids.add(Base64s.decode(id, "A credential id"));
    }
    String challenge = shown.page().config().require("sFidoChallenge");
    return Prompt.waiting(Duration.ofSeconds(1), VALID)
        .withWebAuthn(
            new WebAuthn.Request(
                RELYING_PARTY,
                "https://" + RELYING_PARTY,
                challenge.getBytes(StandardCharsets.US_ASCII), // the text itself, not decoded
                ids,
                verification(),
                crossDevice,
                VALID));
  }

  /** A key that is the only factor has to prove that its owner uses it. */
  private WebAuthn.UserVerification verification() {
    return offer().role() == FactorOffer.Role.FIRST
        ? WebAuthn.UserVerification.REQUIRED
        : WebAuthn.UserVerification.PREFERRED;
  }

  @Override
  Progress check(WebAuthn.Assertion assertion)
      throws DomainUnavailable, SignInRefused, AadstsError {
    Page asked = fido;
    if (asked == null) {
      throw new IllegalStateException("No challenge was asked for");
    }
    byte[] json =
        RequestBody.json()
            .with("authenticatorData", Base64s.url(assertion.authenticatorData()))
            .with("clientDataJSON", Base64s.url(assertion.clientDataJson()))
            .with("id", Base64s.url(assertion.credentialId()))
            .with("signature", Base64s.url(assertion.signature()))
            .with("userHandle", assertion.userHandle().map(Base64s::url).orElse(""))
            .finish();
    RequestBody form =
        RequestBody.form()
            .with("type", "23")
            .with("ps", "23")
            .with("assertion", new String(json, StandardCharsets.US_ASCII))
            .with("lmcCanary", asked.config().text("sCrossDomainCanary").orElse(""))
            .with("hpgrequestid", asked.sessionId())
            .with("ctx", page.context())
            .with("canary", page.canary())
            .with("flowToken", page.flowToken());
    answer = flow.browser().submit(page.url("urlPost"), form);
    if (answer instanceof FormResult.Shown shown && shown.page().error().isPresent()) {
      throw shown.page().error().get();
    }
    return Progress.APPROVED;
  }

  @Override
  FormResult complete() {
    FormResult known = answer;
    if (known == null) {
      throw new IllegalStateException("The assertion was not accepted");
    }
    return known;
  }
}
