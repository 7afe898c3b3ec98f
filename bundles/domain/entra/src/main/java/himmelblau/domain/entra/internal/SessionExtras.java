package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Picture;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.graph.GraphPhotos;
import himmelblau.domain.entra.internal.token.Prt;
import himmelblau.domain.entra.internal.token.PrtExchange.Target;
import himmelblau.domain.entra.internal.token.Tokens;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import java.util.Optional;

/** Further uses of a session: the token for the logon script, the picture. */
final class SessionExtras {
  private static final Log LOG = Log.of(SessionExtras.class);

  private final Tenant tenant;
  private final Devices devices;
  private final DeviceGuard guard;
  private final DomainFindings findings;

  SessionExtras(Tenant tenant, Devices devices, DeviceGuard guard, DomainFindings findings) {
    this.tenant = tenant;
    this.devices = devices;
    this.guard = guard;
    this.findings = findings;
  }

  /** For {@code logon_token_scopes}; empty when there are none, or the directory refuses. */
  Optional<Secret> logonToken(Prt prt) {
    EntraSettings.LogonToken wanted = tenant.settings().logonToken();
    if (wanted.scopes().isEmpty()) {
      return Optional.empty();
    }
    String scopes = String.join(" ", wanted.scopes());
    Target target =
        wanted
            .app()
            .map(app -> Target.scope(app, WellKnownApps.OWN_REDIRECT, scopes))
            .orElseGet(
                () -> Target.scope(WellKnownApps.BROKER, WellKnownApps.BROKER_REDIRECT, scopes));
    try (Tokens tokens = exchange(prt, target)) {
      findings.mended(DomainFindings.LOGON_TOKEN_APP_ID);
      return Optional.of(tokens.requireAccess().copy());
    } catch (AadstsError e) {
      noSuchApplication(wanted.app(), e);
      LOG.warn("entra.logon_script.no_token", "scopes", scopes, "code", e.code().orElse(0));
    } catch (DomainUnavailable | SignInRefused e) {
      LOG.warn("entra.logon_script.no_token", "scopes", scopes, "cause", e.getMessage());
    }
    return Optional.empty();
  }

  /** Reading groups tells of {@code app_id}, which is used here where nothing else is set. */
  private void noSuchApplication(Optional<String> app, AadstsError e) {
    if (app.isPresent() && !app.equals(tenant.settings().appId())) {
      findings.unknownApplication(
          e, DomainFindings.LOGON_TOKEN_APP_ID, app.get(), "the logon script gets no token");
    }
  }

  Optional<Picture> picture(Prt prt) {
    try (Secret copy = prt.toRenewal()) {
      return Prt.of(copy).map(OwnPicture::new);
    }
  }

  private Tokens exchange(Prt prt, Target target)
      throws DomainUnavailable, SignInRefused, AadstsError {
    Device device =
        devices
            .current(Optional.of(tenant.authority().tenantId()))
            .orElseThrow(
                () ->
                    new DomainUnavailable(
                        DomainUnavailable.Kind.TEMPORARY, "This host has left the domain"));
    return guard.run(device, () -> tenant.exchange().exchange(device, prt, target));
  }

  /** With a token of its own. */
  private final class OwnPicture implements Picture {
    private final Prt prt;

    OwnPicture(Prt prt) {
      this.prt = prt;
    }

    @Override
    public Optional<byte[]> fetch(int mostBytes) throws DomainUnavailable {
      String graph = tenant.authority().graph();
      try (Tokens tokens = exchange(prt, Target.resource(graph, false))) {
        return new GraphPhotos(tenant.web(), graph).of(tokens.requireAccess(), mostBytes);
      } catch (AadstsError | SignInRefused e) {
        throw new DomainUnavailable(
            DomainUnavailable.Kind.TEMPORARY, "No token for the picture: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      prt.close();
    }
  }
}
