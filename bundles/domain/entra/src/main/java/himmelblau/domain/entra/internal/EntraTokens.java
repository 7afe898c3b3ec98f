package himmelblau.domain.entra.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.ResourceTokens;
import himmelblau.api.sso.SsoCookie;
import himmelblau.api.sso.TokenOwner;
import himmelblau.api.sso.TokenRequest;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.token.CookieClaims;
import himmelblau.domain.entra.internal.token.Prt;
import himmelblau.domain.entra.internal.token.PrtExchange.Target;
import himmelblau.domain.entra.internal.token.PrtGrant;
import himmelblau.domain.entra.internal.token.TokenSubject;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tokens and cookies from the primary refresh token of a domain's users. Thread-safe. */
final class EntraTokens implements ResourceTokens {
  /** Refused to every flow that uses the PRT directly: asked for through a refresh token. */
  private static final int NOT_WITH_PRT = 50132;

  private static final int LONGEST_TEXT = 500;

  private final TenantSource tenants;
  private final Devices devices;
  private final DeviceGuard guard;
  private final Clock clock;

  /** The tenant, discovered when first needed. */
  interface TenantSource {
    Tenant get() throws DomainUnavailable;
  }

  EntraTokens(TenantSource tenants, Devices devices, DeviceGuard guard, Clock clock) {
    this.tenants = tenants;
    this.devices = devices;
    this.guard = guard;
    this.clock = clock;
  }

  @Override
  public Optional<TokenOwner> owner(Secret renewal) {
    return Prt.of(renewal)
        .map(
            prt -> {
              try (prt) {
                TokenSubject owner = prt.identity();
                return new TokenOwner(
                    owner.objectId(), owner.tenantId(), owner.name(), owner.displayName());
              }
            });
  }

  @Override
  public IssuedToken token(AccountName name, Secret renewal, TokenRequest request)
      throws DomainUnavailable, SignInRefused {
    Tenant tenant = tenants.get();
    try (Prt prt = usable(renewal, Optional.of(tenant.authority().tenantId()))) {
      Device device = device(prt, Optional.of(tenant.authority().tenantId()));
      Target target =
          Target.scope(
              request.clientId(), redirect(tenant, request), String.join(" ", request.scopes()));
      Json reply = guard.run(device, () -> ask(tenant, device, prt, target, request));
      return issued(reply, prt.identity(), request);
    } catch (AadstsError e) {
      throw said(e);
    }
  }

  private static String redirect(Tenant tenant, TokenRequest request) {
    boolean own =
        tenant.settings().appId().filter(request.clientId()::equalsIgnoreCase).isPresent();
    return request
        .redirectUri()
        .orElseGet(
            () -> own ? WellKnownApps.OWN_REDIRECT : WellKnownApps.redirectOf(request.clientId()));
  }

  private static Json ask(
      Tenant tenant, Device device, Prt prt, Target target, TokenRequest request)
      throws DomainUnavailable, SignInRefused, AadstsError {
    PrtGrant grant = new PrtGrant(tenant.endpoint());
    if (request.popKey().isPresent()) {
      return grant.reply(prt, target, request.claims(), request.popKey());
    }
    try {
      return tenant.exchange().reply(device, prt, target, request.claims());
    } catch (AadstsError e) {
      if (!e.has(NOT_WITH_PRT)) {
        throw e;
      }
      return grant.reply(prt, target, request.claims(), Optional.empty());
    }
  }

  private IssuedToken issued(Json reply, TokenSubject owner, TokenRequest request)
      throws DomainUnavailable {
    boolean pop = reply.require("token_type").equalsIgnoreCase("pop");
    if (pop != request.popKey().isPresent()) {
      throw protocol("is of another type than the one asked for");
    }
    String id = reply.require("id_token");
    Json claims = Base64s.claims(id, "The id token");
    if (!claims.require("oid").equalsIgnoreCase(owner.objectId().toString())
        || !claims.require("tid").equalsIgnoreCase(owner.tenantId())) {
      throw protocol("belongs to another account");
    }
    if (!claims.require("aud").equalsIgnoreCase(request.clientId())) {
      throw protocol("was made for another application");
    }
    Instant now = clock.instant();
    long life = reply.requireNumber("expires_in");
    long extended = Math.max(life, reply.number("ext_expires_in").orElse(life));
    return new IssuedToken(
        Secret.ofText(reply.require("access_token")),
        pop,
        Secret.ofText(id),
        clientInfo(owner),
        scopes(reply, request),
        now.plusSeconds(life),
        now.plusSeconds(extended));
  }

  private static List<String> scopes(Json reply, TokenRequest request) {
    return reply
        .text("scope")
        .map(granted -> Arrays.stream(granted.strip().split(" +")).toList())
        .orElse(request.scopes());
  }

  private static String clientInfo(TokenSubject owner) {
    return Base64s.url(
        RequestBody.json()
            .with("uid", owner.objectId().toString())
            .with("utid", owner.tenantId())
            .finish());
  }

  @Override
  public SsoCookie cookie(Secret renewal, Optional<String> nonce) throws SignInRefused {
    try (Prt prt = usable(renewal, Optional.empty())) {
      device(prt, Optional.of(prt.identity().tenantId()));
      return new SsoCookie(CookieClaims.NAME, CookieClaims.sign(prt, nonce, clock.instant()));
    }
  }

  /** Takes nothing from the network. The caller closes it. */
  private Prt usable(Secret renewal, Optional<String> tenantId) throws SignInRefused {
    Prt prt = Prt.of(renewal).orElseThrow(EntraTokens::dead);
    boolean ours =
        tenantId.isEmpty()
            || tenantId.get().equals(prt.identity().tenantId().toLowerCase(Locale.ROOT));
    if (!ours || !prt.expires().isAfter(clock.instant())) {
      prt.close();
      throw dead();
    }
    return prt;
  }

  /** The device that the token is bound to, if it is still this host. */
  private Device device(Prt prt, Optional<String> tenantId) throws SignInRefused {
    return devices
        .current(tenantId)
        .filter(device -> device.record().deviceId().equals(prt.device()))
        .orElseThrow(EntraTokens::dead);
  }

  private static SignInRefused dead() {
    return Refusals.because(Reason.RENEWAL_DEAD, Refusals.EXPIRED);
  }

  private static DomainUnavailable protocol(String how) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, "The token reply " + how);
  }

  /** The directory's own words, which programs look for codes in. */
  private static SignInRefused said(AadstsError error) throws DomainUnavailable {
    SignInRefused refused = error.refused();
    String text =
        Optional.ofNullable(error.getMessage())
            .orElse("")
            .split("\\R", 2)[0]
            .replaceAll("\\p{Cntrl}", " ")
            .strip();
    String code = refused.code().orElse("");
    if (!text.contains(code)) {
      text = code + ": " + text;
    }
    return new SignInRefused(
        refused.reason(),
        text.isEmpty() ? refused.text() : text.substring(0, Math.min(LONGEST_TEXT, text.length())),
        refused.code(),
        false);
  }
}
