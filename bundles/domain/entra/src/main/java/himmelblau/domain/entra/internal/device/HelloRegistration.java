package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.crypto.RsaBlob;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.security.PublicKey;

/** Registers a Hello key with the directory ([MS-KPP] 3.1.5.1). */
public final class HelloRegistration {
  private static final Log LOG = Log.of(HelloRegistration.class);
  private static final String WHAT = "The key registration service";

  private final DomainHttp web;

  public HelloRegistration(DomainHttp web) {
    this.web = web;
  }

  /**
   * Registers {@code key} for the account and device of {@code token} (borrowed), which must show a
   * fresh second factor.
   */
  public void register(String tenantId, PublicKey key, Secret token)
      throws DomainUnavailable, SignInRefused {
    RegistrationEndpoint.Service service =
        RegistrationEndpoint.find(
            web,
            tenantId,
            token,
            "KeyProvisioningService",
            new String[] {"KeyProvisionEndpoint", "KeyProvisionResourceId"},
            new String[] {"EnrollmentServer/key/", "1.0"});
    byte[] body = RequestBody.json().with("kngc", Base64s.standard(RsaBlob.of(key))).finish();
    HttpReply reply =
        web.send(
            HttpCall.post(service.endpoint(), "application/json", body)
                .header("Authorization", "Bearer " + token.revealText())
                .header("User-Agent", "Dsreg/10.0 (himmelblau-osgi)")
                .header("Accept", "application/json"));
    DomainHttp.working(reply, WHAT);
    if (!reply.ok()) {
      LOG.audit(AuditKind.ENROLMENT, AuditOutcome.DENIED)
          .warn(
              "entra.hello_key.refused", "status", reply.status(), "said", DeviceJoin.said(reply));
      throw Refusals.because(Reason.OTHER, Refusals.PIN);
    }
  }
}
