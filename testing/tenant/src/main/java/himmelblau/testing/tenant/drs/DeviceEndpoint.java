package himmelblau.testing.tenant.drs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.DeviceCertificates;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.RsaBlob;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.PrtVerifier;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Joining, registering and removing devices. */
public final class DeviceEndpoint {
  static final Set<String> AUDIENCES = Set.of(Resources.DRS, Resources.DRS_URN);
  private static final int JOIN = 0;
  private static final int REGISTER = 4;

  private final Directory directory;
  private final Bearer bearer;
  private final Supplier<DeviceCertificates> certificates;
  private final Settings settings;
  private final TenantClock clock;

  public DeviceEndpoint(
      Directory directory,
      Bearer bearer,
      Supplier<DeviceCertificates> certificates,
      Settings settings,
      TenantClock clock) {
    this.directory = directory;
    this.bearer = bearer;
    this.certificates = certificates;
    this.settings = settings;
    this.clock = clock;
  }

  public List<Route> routes() {
    Route.Refusals refusals = DrsErrors.refusals(clock);
    return List.of(
        Route.of("POST", "/EnrollmentServer/device", (r, path) -> join(r), refusals),
        Route.of("DELETE", "/EnrollmentServer/device/{id}", (r, path) -> leave(r, path), refusals));
  }

  private Reply join(Request request) {
    Bearer.Accepted token;
    try {
      token = bearer.accept(request, AUDIENCES);
    } catch (Bearer.Rejected e) {
      return refuse(401, String.valueOf(e.getMessage()));
    }
    Optional<User> user = directory.user(token.tenant(), token.object());
    if (user.isEmpty() || !user.get().enabled()) {
      return refuse(401, "The user of the token does not exist or is disabled.");
    }
    if (settings.on("mfa-to-join")
        && !token.list("amr").contains("mfa")
        && !token.list("amr").contains("ngcmfa")) {
      return refuse(401, "Registering a device needs multi-factor authentication.");
    }
    if (!request.query().getOrDefault("api-version", "").matches("[123]\\.0")) {
      return refuse(400, "The api-version is missing or not supported.");
    }
    try {
      return register(user.get(), request.json().orElseThrow(() -> bad("The body is not JSON.")));
    } catch (IllegalArgumentException e) {
      return refuse(400, String.valueOf(e.getMessage()));
    }
  }

  private Reply register(User user, JsonObject asked) {
    int joinType = number(member(asked, "JoinType"), "JoinType");
    if (joinType != JOIN && joinType != REGISTER) {
      throw bad("The enrollment request type (" + joinType + ") is not allowed.");
    }
    String domain = text(asked, "TargetDomain").toLowerCase(Locale.ROOT);
    Tenant tenant = directory.tenant(user.tenant());
    if (!domain.isEmpty()
        && !tenant.domains().contains(domain)
        && !tenant.id().toString().equals(domain)) {
      throw bad("The target domain " + domain + " is not of the user's tenant.");
    }
    if (!(member(asked, "CertificateRequest") instanceof JsonObject wanted)) {
      throw bad("CertificateRequest is missing.");
    }
    RSAPublicKey key = requestedKey(text(wanted, "Type"), text(wanted, "Data"));
    RSAPublicKey transport = RsaBlob.parseTransportKey(text(asked, "TransportKey"));
    UUID id = UUID.randomUUID();
    X509Certificate certificate =
        certificates
            .get()
            .issue(
                key,
                new DeviceCertificates.Subject(
                    id, user.id(), tenant.id(), joinType == JOIN, tenant.region()),
                clock.now());
    byte[] der;
    try {
      der = certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    String thumbprint = HexFormat.of().withUpperCase().formatHex(Encoding.sha1(der));
    directory.put(
        new Device(
            tenant.id(),
            id,
            UUID.randomUUID(),
            user.id(),
            text(asked, "DeviceDisplayName"),
            text(asked, "DeviceType"),
            text(asked, "OSVersion"),
            joinType == JOIN,
            key,
            thumbprint,
            Optional.of(transport),
            true,
            clock.now()));
    return Reply.json(answer(user, der, thumbprint));
  }

  private static JsonObject answer(User user, byte[] der, String thumbprint) {
    JsonObject certificate = new JsonObject();
    certificate.addProperty("Thumbprint", thumbprint);
    certificate.addProperty("RawBody", Encoding.b64(der));
    JsonObject owner = new JsonObject();
    owner.addProperty("Upn", user.upn());
    JsonObject change = new JsonObject();
    change.addProperty("LocalSID", "S-1-5-32-544");
    change.add("AddSIDs", new JsonArray());
    JsonArray changes = new JsonArray();
    changes.add(change);
    JsonObject body = new JsonObject();
    body.add("Certificate", certificate);
    body.add("User", owner);
    body.add("MembershipChanges", changes);
    return body;
  }

  /**
   * The subject of the request is passed over; some clients send one that strict parsers refuse.
   */
  private static RSAPublicKey requestedKey(String type, String data) {
    if (!type.equalsIgnoreCase("pkcs10")) {
      throw bad("CertificateRequest.Type must be pkcs10.");
    }
    try {
      JcaPKCS10CertificationRequest csr = new JcaPKCS10CertificationRequest(Encoding.decode(data));
      if (!(csr.getPublicKey() instanceof RSAPublicKey key)
          || key.getModulus().bitLength() < 2048) {
        throw bad("The certificate request needs an RSA key of 2048 bits or more.");
      }
      if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw bad("The certificate request is not signed by its key.");
      }
      return key;
    } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
      throw bad("The certificate request is unreadable.");
    }
  }

  private Reply leave(Request request, Map<String, String> path) {
    Optional<X509Certificate> shown = request.clientCertificate();
    if (shown.isEmpty() || !certificates.get().issued(shown.get())) {
      return refuse(401, "The device certificate is missing or unknown.");
    }
    UUID certified;
    try {
      certified = PrtVerifier.deviceId(shown.get());
    } catch (Refusal e) {
      return refuse(401, "The certificate names no device.");
    }
    Optional<Device> device = directory.device(certified);
    if (device.isEmpty() || !device.get().key().equals(shown.get().getPublicKey())) {
      return refuse(401, "The device certificate is unknown.");
    }
    if (!certified.toString().equalsIgnoreCase(path.getOrDefault("id", ""))) {
      return refuse(400, "A device can only remove itself.");
    }
    directory.remove(device.get());
    return Reply.text(200, "");
  }

  private Reply refuse(int status, String message) {
    return DrsErrors.device(
        status, status == 401 ? "AuthenticationError" : "InvalidRequest", message, clock);
  }

  private static IllegalArgumentException bad(String message) {
    return new IllegalArgumentException(message);
  }

  private static JsonElement member(JsonObject object, String name) {
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      if (member.getKey().equalsIgnoreCase(name)) {
        return member.getValue();
      }
    }
    return com.google.gson.JsonNull.INSTANCE;
  }

  private static String text(JsonObject object, String name) {
    JsonElement value = member(object, name);
    return value.isJsonPrimitive() ? value.getAsString() : "";
  }

  private static int number(JsonElement value, String name) {
    try {
      return value.getAsInt();
    } catch (RuntimeException e) {
      throw bad(name + " is missing or not a number.");
    }
  }
}
