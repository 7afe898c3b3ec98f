package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.crypto.DeviceCertificate;
import himmelblau.domain.entra.internal.crypto.RsaBlob;
import himmelblau.domain.entra.internal.crypto.SigningRequest;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * Registers this host as a device of the tenant ([MS-DVRJ] 3.1.5.1). Nothing is stored until the
 * directory has issued the certificate; then everything is stored in one write.
 */
public final class DeviceJoin {
  private static final Log LOG = Log.of(DeviceJoin.class);
  private static final String WHAT = "The device registration service";

  private final DomainHttp web;
  private final Devices devices;
  private final Clock clock;

  public DeviceJoin(DomainHttp web, Devices devices, Clock clock) {
    this.web = web;
    this.devices = devices;
    this.clock = clock;
  }

  /**
   * How the host presents itself.
   *
   * @param type 0 join, 4 register
   */
  public record Host(String name, String system, int type) {}

  /** Joins {@code domain} with a token for the registration service (borrowed). */
  public Device join(String domain, String tenantId, Host host, Secret token)
      throws DomainUnavailable, SignInRefused {
    RegistrationEndpoint.Service service =
        RegistrationEndpoint.find(
            web,
            domain,
            token,
            "DeviceJoinService",
            new String[] {"JoinEndpoint", "JoinResourceId"},
            new String[] {"EnrollmentServer/device/", "2.0"});
    Machine machine = devices.machine();
    try {
      WrappedKey identity = machine.create(KeySpec.RSA_2048, null);
      WrappedKey transport = machine.create(KeySpec.RSA_2048, null);
      try (Key identityKey = machine.load(identity, null);
          Key transportKey = machine.load(transport, null)) {
        byte[] request = request(domain, host, identityKey, transportKey);
        HttpReply reply =
            web.send(
                RegistrationEndpoint.identified(
                    HttpCall.post(service.endpoint(), "application/json", request), token));
        DeviceCertificate certificate = issued(reply, identityKey);
        DeviceRecord record =
            new DeviceRecord(
                tenantId,
                certificate.deviceId(),
                clock.instant(),
                certificate.der(),
                identity,
                transport);
        Device device = devices.keep(record);
        LOG.audit(AuditKind.ENROLMENT, AuditOutcome.SUCCESS)
            .info("entra.joined", "domain", domain, "device", record.deviceId());
        return device;
      }
    } catch (KeyStoreUnavailable | KeyRefused | WrongPin e) {
      throw Device.hardware(e);
    }
  }

  private static byte[] request(String domain, Host host, Key identity, Key transport)
      throws KeyStoreUnavailable {
    String csr = Base64s.standard(SigningRequest.of(identity));
    byte[] certificateRequest =
        RequestBody.json().with("Type", "pkcs10").with("Data", csr).finish();
    return RequestBody.json()
        .raw("CertificateRequest", new String(certificateRequest, StandardCharsets.US_ASCII))
        .with("DeviceDisplayName", host.name())
        .with("DeviceType", "Linux")
        .with("JoinType", host.type())
        .with("OSVersion", host.system())
        .with("TargetDomain", domain)
        .with("TransportKey", Base64s.standard(RsaBlob.of(transport.publicKey())))
        .raw("Attributes", "{\"ReuseDevice\":\"true\",\"ReturnClientSid\":\"true\"}")
        .finish();
  }

  private static DeviceCertificate issued(HttpReply reply, Key key)
      throws DomainUnavailable, SignInRefused {
    DomainHttp.working(reply, WHAT);
    if (!reply.ok()) {
      LOG.audit(AuditKind.ENROLMENT, AuditOutcome.DENIED)
          .warn("entra.join.refused", "status", reply.status(), "said", said(reply));
      throw Refusals.because(Reason.OTHER, Refusals.JOIN);
    }
    Json certificate = Json.parse(reply.body(), WHAT + "'s reply").requireObject("Certificate");
    byte[] der = Base64s.decode(certificate.require("RawBody").replaceAll("\\s", ""), WHAT);
    return DeviceCertificate.of(der, key.publicKey());
  }

  /** The service's own words about a refusal, which name no secret. */
  static String said(HttpReply reply) {
    try {
      Json error = Json.parse(reply.body(), WHAT);
      String text = error.text("Message").or(() -> error.text("message")).orElse("");
      return error.text("ErrorType").orElse("")
          + " "
          + text.substring(0, Math.min(300, text.length()));
    } catch (DomainUnavailable e) {
      return "nothing that can be read";
    }
  }
}
