package himmelblau.domain.entra.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.hsm.Key;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.graph.Graph;
import himmelblau.domain.entra.internal.signin.SignInFinish;
import himmelblau.domain.entra.internal.token.Prt;
import himmelblau.domain.entra.internal.token.PrtExchange.Target;
import himmelblau.domain.entra.internal.token.TokenSubject;
import himmelblau.domain.entra.internal.token.Tokens;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Refusals;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Creates the session after the user was authenticated: device, primary refresh token, user,
 * groups.
 */
final class SessionCompletion implements SignInFinish {
  private static final Log LOG = Log.of(SessionCompletion.class);

  /** Error numbers for which groups cannot be read, but the sign-in succeeds. */
  private static final Integer[] NO_CONSENT = {65001, 65002, 65004, 65005, 90094};

  private static final Integer[] RESET_REGISTRATION = {50125};

  private final Tenant tenant;
  private final Devices devices;
  private final Joining joining;
  private final DeviceGuard guard;
  private final DomainFindings findings;

  /** Joins the host. */
  interface Joining {
    Device join(Tenant tenant, Secret refreshToken)
        throws DomainUnavailable, SignInRefused, AadstsError;
  }

  SessionCompletion(
      Tenant tenant, Devices devices, Joining joining, DeviceGuard guard, DomainFindings findings) {
    this.tenant = tenant;
    this.devices = devices;
    this.joining = joining;
    this.guard = guard;
    this.findings = findings;
  }

  private Optional<Device> device() throws SignInRefused {
    return devices.current(Optional.of(tenant.authority().tenantId()));
  }

  @Override
  public boolean joined() throws SignInRefused {
    return device().isPresent();
  }

  @Override
  public EntraSession signedIn(AccountName name, Tokens tokens)
      throws DomainUnavailable, SignInRefused, AadstsError {
    try (tokens) {
      tenant
          .idTokens()
          .check(
              tokens.requireIdentity(),
              tokens.claims(),
              tenant.authority(),
              Set.of(WellKnownApps.BROKER),
              name);
      List<String> methods = tokens.methods();
      boolean fresh = methods.contains("ngcmfa");
      boolean multiFactor = fresh || methods.contains("mfa");
      Optional<Device> known = device();
      if (known.isEmpty() && !multiFactor) {
        throw Refusals.because(Reason.FACTOR_MISSING, Refusals.MFA);
      }
      Secret refresh = tokens.requireRefresh();
      Device device = known.isPresent() ? known.get() : joining.join(tenant, refresh);
      Prt prt =
          guard.run(device, () -> tenant.prts().byRefreshToken(device, name, refresh, multiFactor));
      return session(name, device, prt, fresh, false);
    }
  }

  @Override
  public EntraSession password(AccountName name, Secret password)
      throws DomainUnavailable, SignInRefused, AadstsError {
    Device device = device().orElseThrow(SessionCompletion::notJoined);
    Prt prt = guard.run(device, () -> tenant.prts().byPassword(device, name, password));
    boolean done = false;
    try {
      // The rules for resources are applied here: whether the password alone is sufficient.
      Target target = Target.resource(tenant.authority().graph(), false);
      try (Tokens tokens =
          guard.run(device, () -> tenant.exchange().exchange(device, prt, target))) {
        // That token reads the user alone; names and gids of groups need another client's.
        Optional<Tokens> graph = graphTokensIfAny(device, prt);
        Secret token = graph.flatMap(Tokens::access).orElse(tokens.requireAccess());
        EntraSession session = read(name, prt, Optional.of(token), false);
        graph.ifPresent(Tokens::close);
        done = true;
        return session;
      }
    } finally {
      if (!done) {
        prt.close();
      }
    }
  }

  /** Signs in with a Hello key that the directory knows. */
  EntraSession hello(AccountName name, Key key)
      throws DomainUnavailable, SignInRefused, AadstsError {
    Device device = device().orElseThrow(SessionCompletion::notJoined);
    Prt prt = guard.run(device, () -> tenant.prts().byHello(device, name, key));
    return session(name, device, prt, true, true);
  }

  /** Signs in with a kept token (borrowed). */
  EntraSession renew(AccountName name, Prt kept)
      throws DomainUnavailable, SignInRefused, AadstsError {
    Device device = device().orElseThrow(SessionCompletion::notJoined);
    if (!device.record().deviceId().equals(kept.device())) {
      throw notJoined(); // it was made before the host left and joined again
    }
    Prt prt = guard.run(device, () -> tenant.prts().renew(device, name, kept));
    if (!prt.identity().objectId().equals(kept.identity().objectId())) {
      prt.close();
      throw Refusals.because(
          Reason.OTHER_ACCOUNT,
          Refusals.OTHER_ACCOUNT.replace("{user}", String.valueOf(prt.identity().name())));
    }
    return session(name, device, prt, false, true);
  }

  private static SignInRefused notJoined() {
    return Refusals.because(Reason.RENEWAL_DEAD, Refusals.EXPIRED);
  }

  /**
   * Takes over {@code prt}.
   *
   * @param known whether this user has signed in here before, so that a failure of Graph alone does
   *     not refuse the sign-in
   */
  private EntraSession session(
      AccountName name, Device device, Prt prt, boolean freshFactor, boolean known)
      throws DomainUnavailable, SignInRefused, AadstsError {
    boolean done = false;
    try {
      Optional<Tokens> graph = graphTokens(device, prt, known);
      EntraSession session = read(name, prt, graph.flatMap(Tokens::access), freshFactor);
      graph.ifPresent(Tokens::close);
      done = true;
      return session;
    } finally {
      if (!done) {
        prt.close();
      }
    }
  }

  /** The sign-in succeeds, but the known groups are kept. */
  private boolean noSuchApplication(AadstsError e) {
    return tenant
        .settings()
        .appId()
        .filter(
            app ->
                findings.unknownApplication(e, DomainFindings.APP_ID, app, "groups are not read"))
        .isPresent();
  }

  private Optional<Tokens> graphTokensIfAny(Device device, Prt prt)
      throws DomainUnavailable, SignInRefused {
    try {
      return graphTokens(device, prt, true);
    } catch (AadstsError e) {
      LOG.warn("entra.groups.no_right", "code", e.code().orElse(0));
      return Optional.empty();
    }
  }

  private Optional<Tokens> graphTokens(Device device, Prt prt, boolean known)
      throws DomainUnavailable, SignInRefused, AadstsError {
    try {
      Optional<Tokens> tokens = Optional.of(guard.run(device, () -> graphTokens(device, prt)));
      findings.mended(DomainFindings.APP_ID);
      return tokens;
    } catch (AadstsError e) {
      if (noSuchApplication(e)) {
        return Optional.empty();
      }
      if (e.has(NO_CONSENT) || (known && e.has(RESET_REGISTRATION))) {
        LOG.warn("entra.groups.no_token", "code", e.code().orElse(0));
        return Optional.empty();
      }
      throw e;
    } catch (DomainUnavailable e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warn("entra.groups.no_token", "cause", e.getMessage());
      return Optional.empty();
    }
  }

  private Tokens graphTokens(Device device, Prt prt)
      throws DomainUnavailable, SignInRefused, AadstsError {
    Optional<String> own = tenant.settings().appId();
    if (own.isPresent()) {
      return tenant
          .exchange()
          .exchange(
              device,
              prt,
              Target.scope(own.get(), WellKnownApps.OWN_REDIRECT, "GroupMember.Read.All"));
    }
    String scope = tenant.authority().graph() + "/.default";
    try {
      return tenant
          .exchange()
          .exchange(
              device, prt, Target.scope(WellKnownApps.EDGE, WellKnownApps.EDGE_REDIRECT, scope));
    } catch (AadstsError e) {
      LOG.debug("entra.graph.other_client", "code", e.code().orElse(0));
      return tenant
          .exchange()
          .exchange(
              device,
              prt,
              Target.scope(WellKnownApps.PORTAL, WellKnownApps.PORTAL_REDIRECT, scope));
    }
  }

  private EntraSession read(AccountName name, Prt prt, Optional<Secret> token, boolean freshFactor)
      throws DomainUnavailable {
    TokenSubject identity = prt.identity();
    DirectoryUser user = Graph.user(identity, name);
    Optional<List<Group>> groups = Optional.empty();
    if (token.isPresent()) {
      try {
        user = tenant.graph().me(token.get(), identity, name, tenant.settings().posix());
      } catch (DomainUnavailable e) {
        soft("user", e);
      }
      try {
        groups = Optional.of(tenant.graph().groups(token.get(), tenant.settings().posix()));
      } catch (DomainUnavailable e) {
        soft("groups", e);
      }
    }
    return new EntraSession(
        user, groups, prt, freshFactor, new SessionExtras(tenant, devices, guard, findings));
  }

  /** Lookups fail soft; a conversation that ended does not. */
  private static void soft(String what, DomainUnavailable e) throws DomainUnavailable {
    if (Thread.currentThread().isInterrupted()) {
      throw e;
    }
    LOG.warn("entra.graph.no_answer", "what", what, "cause", e.getMessage());
  }
}
