package himmelblau.domain.entra.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.domain.entra.internal.Tenant;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.token.IdTokens;
import himmelblau.domain.entra.internal.token.Tokens;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sign-in in a browser on another device (RFC 8628; entra-tokens 2). */
final class DeviceCodeChallenge extends FlowChallenge {
  private static final int PENDING = 70016;
  private static final int EXPIRED = 70019;

  private final Tenant tenant;
  private final boolean freshFactor;
  private String deviceCode = "";
  private @Nullable Tokens tokens;

  DeviceCodeChallenge(Tenant tenant, FactorOffer offer, boolean freshFactor) {
    super(offer);
    this.tenant = tenant;
    this.freshFactor = freshFactor;
  }

  @Override
  Prompt start() throws DomainUnavailable, AadstsError {
    // There is no amr_values here: the portal's own rules bring the second factor.
    String resource = freshFactor ? WellKnownApps.AZURE_PORTAL : WellKnownApps.REGISTRATION;
    Json reply =
        tenant
            .endpoint()
            .json(
                "oauth2/v2.0/devicecode",
                RequestBody.form()
                    .with("client_id", WellKnownApps.BROKER)
                    .with("scope", "openid profile offline_access " + resource + "/.default"));
    deviceCode = reply.require("device_code");
    Prompt.DeviceCode shown =
        new Prompt.DeviceCode(reply.require("verification_uri"), reply.require("user_code"));
    long interval = Math.min(Math.max(reply.number("interval").orElse(5), 1), 60);
    long life = Math.min(Math.max(reply.number("expires_in").orElse(900), 30), 3600);
    Prompt prompt =
        Prompt.waiting(Duration.ofSeconds(interval), Duration.ofSeconds(life)).withDevice(shown);
    Optional<String> message = reply.text("message").filter(text -> !text.isBlank());
    return message.isPresent() ? prompt.withText(message.get()) : prompt;
  }

  @Override
  Progress ask() throws DomainUnavailable, AadstsError {
    try {
      tokens =
          tenant
              .endpoint()
              .tokens(
                  "oauth2/v2.0/token",
                  RequestBody.form()
                      .with("client_id", WellKnownApps.BROKER)
                      .with("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                      .with("device_code", deviceCode));
      return Progress.APPROVED;
    } catch (AadstsError e) {
      String name = e.name();
      if (e.has(PENDING) || name.equals("authorization_pending") || name.equals("slow_down")) {
        return Progress.PENDING;
      }
      if (name.equals("authorization_declined")) {
        return Progress.DENIED;
      }
      if (e.has(EXPIRED) || name.equals("expired_token") || name.equals("code_expired")) {
        return Progress.EXPIRED;
      }
      throw e;
    }
  }

  /**
   * The result of the approved sign-in; the caller takes it over. The account was chosen in the
   * other browser.
   */
  Tokens tokens(AccountName requested) throws DomainUnavailable, SignInRefused {
    Tokens known = tokens;
    if (known == null) {
      throw new IllegalStateException("The user has not signed in yet");
    }
    boolean good = false;
    try {
      IdTokens.requireNamed(known.requireIdentity(), known.claims(), requested);
      good = true;
      return known;
    } finally {
      if (!good) {
        known.close();
      }
    }
  }

  @Override
  FormResult complete() {
    throw new IllegalStateException("A device code leads to tokens, not to a page");
  }
}
