package himmelblau.testing.tenant.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.DeviceCertificates;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.HelloKey;
import himmelblau.testing.tenant.directory.Seed;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.kerberos.ReplyTickets;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.login.Credentials;
import himmelblau.testing.tenant.login.DeviceCodes;
import himmelblau.testing.tenant.token.Clients;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Nonces;
import himmelblau.testing.tenant.token.PrtVerifier;
import himmelblau.testing.tenant.token.SigningKey;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenMint;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Request;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a device has to prove for a primary refresh token: with a password, and with Hello. */
class DeviceProofTest {
  private static final String TENANT = "example.onmicrosoft.com";
  private static final String USER = "user01@" + TENANT;
  private static final String KEY_ID = "key";
  private static final KeyPair DEVICE = key();
  private static final KeyPair HELLO = key();
  private static final KeyPair OTHER = key();
  private static final DeviceCertificates CERTIFICATES = new DeviceCertificates(key());
  private static final DeviceCertificates FOREIGN = new DeviceCertificates(OTHER);

  private final Directory directory = new Directory();
  private final Settings settings = new Settings();
  private final TenantClock clock = new TenantClock();
  private final Nonces nonces = new Nonces(settings, clock);
  private final UUID deviceId = UUID.randomUUID();
  private PrtGrants prts;
  private User user;
  private Device device;

  // What the next request consists of.
  private X509Certificate certificate;
  private KeyPair deviceKey = DEVICE;
  private KeyPair helloKey = HELLO;
  private Optional<String> nonce = Optional.empty();
  private Optional<String> helloNonce = Optional.empty();
  private String issuer = USER;
  private String keyId = KEY_ID;
  private String use = "ngc";
  private long issuedBefore = 0;
  private long expiresAfter = 300;

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void join() throws Exception {
    new Seed(directory, settings).load(Optional.empty());
    user = directory.user(USER).orElseThrow().withMethods(List.of());
    directory.put(user);
    certificate = issue(CERTIFICATES);
    device =
        new Device(
            user.tenant(),
            deviceId,
            UUID.randomUUID(),
            user.id(),
            "lnx-0001",
            "Linux",
            "Debian 13",
            true,
            (RSAPublicKey) DEVICE.getPublic(),
            "",
            Optional.of((RSAPublicKey) DEVICE.getPublic()),
            true,
            clock.now());
    directory.put(device);
    directory.put(
        new HelloKey(
            user.tenant(),
            user.id(),
            deviceId,
            UUID.randomUUID(),
            KEY_ID,
            (RSAPublicKey) HELLO.getPublic()));
    prts = grants();
  }

  private PrtGrants grants() {
    Grants grants = new Grants();
    Apps apps = new Apps(directory);
    Credentials credentials = new Credentials(directory, clock);
    TokenPolicy policy = new TokenPolicy(directory, settings, clock);
    SigningKey signing = new SigningKey(OTHER);
    TokenMint mint = new TokenMint(() -> signing, grants, policy, directory, settings, clock);
    UserGrants users =
        new UserGrants(
            apps,
            new ClientAuthentication(directory, clock),
            directory,
            credentials,
            new DeviceCodes(settings, clock),
            grants,
            policy,
            mint,
            settings,
            clock);
    PrtVerifier verifier =
        new PrtVerifier(() -> CERTIFICATES, grants, policy, nonces, settings, clock);
    return new PrtGrants(
        verifier,
        users,
        apps,
        directory,
        credentials,
        grants,
        policy,
        mint,
        new ReplyTickets(settings, clock),
        settings,
        clock);
  }

  private X509Certificate issue(DeviceCertificates authority) {
    return authority.issue(
        DEVICE.getPublic(),
        new DeviceCertificates.Subject(deviceId, user.id(), user.tenant(), true, "EU"),
        clock.now());
  }

  private JsonObject password() {
    JsonObject claims = new JsonObject();
    claims.addProperty("grant_type", "password");
    claims.addProperty("username", USER);
    claims.addProperty("password", "Passw0rd!");
    return claims;
  }

  private JsonObject hello() {
    long now = clock.now().getEpochSecond();
    JsonObject header = new JsonObject();
    header.addProperty("alg", "RS256");
    header.addProperty("kid", keyId);
    header.addProperty("use", use);
    JsonObject assertion = new JsonObject();
    assertion.addProperty("iss", issuer);
    assertion.addProperty("iat", now - issuedBefore);
    assertion.addProperty("exp", now + expiresAfter);
    assertion.addProperty("request_nonce", helloNonce.orElseGet(nonces::issue));
    JsonObject claims = new JsonObject();
    claims.addProperty("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    claims.addProperty("assertion", Jws.signRs256(header, assertion, helloKey.getPrivate()));
    return claims;
  }

  private void request(JsonObject claims) throws Exception {
    JsonArray chain = new JsonArray();
    chain.add(Encoding.b64(certificate.getEncoded()));
    JsonObject header = new JsonObject();
    header.addProperty("alg", "RS256");
    header.add("x5c", chain);
    claims.addProperty("client_id", Clients.BROKER);
    claims.addProperty("scope", "openid aza");
    claims.addProperty("request_nonce", nonce.orElseGet(nonces::issue));
    Request request =
        new Request(
            "POST",
            "login.microsoftonline.com",
            "/" + TENANT + "/oauth2/token",
            "",
            Map.of(),
            new byte[0],
            Optional.empty());
    prts.request(
        new TokenEndpoint.Call(request, TENANT, false, Map.of()),
        Jws.parse(Jws.signRs256(header, claims, deviceKey.getPrivate())));
  }

  private void assertRefused(int code, JsonObject claims) {
    assertEquals(code, assertThrows(Refusal.class, () -> request(claims)).code());
  }

  @Test
  void theRightProofIsAccepted() throws Exception {
    request(password());
    request(hello());
  }

  @Test
  void aNonceIsOfTheServiceYoungAndUsedOnce() throws Exception {
    for (String wrong : List.of("", "AwABAAEAAAACAOz_made-up")) {
      nonce = Optional.of(wrong);
      assertRefused(140000, password());
    }
    nonce = Optional.of(nonces.issue());
    request(password());
    assertRefused(140000, password());
    nonce = Optional.of(nonces.issue());
    clock.skew(Duration.ofMinutes(11));
    assertRefused(140000, password());
  }

  @Test
  void aCertificateIsOfTheServiceAndValid() {
    certificate = issue(FOREIGN);
    assertRefused(50013, password());
    certificate = issue(CERTIFICATES);
    clock.skew(Duration.ofDays(3660));
    assertRefused(50155, password());
    clock.skew(Duration.ofDays(-1));
    assertRefused(50155, password());
  }

  @Test
  void theDeviceSigns() {
    deviceKey = OTHER;
    assertRefused(50013, password());
    assertRefused(50013, hello());
  }

  @Test
  void theDeviceIsKnownAndEnabled() {
    directory.put(device.withEnabled(false));
    assertRefused(135011, password());
    directory.remove(device);
    assertRefused(50155, password());
  }

  @Test
  void helloHasANonceOfItsOwn() throws Exception {
    helloNonce = Optional.of("AwABAAEAAAACAOz_made-up");
    assertRefused(140000, hello());
    helloNonce = Optional.of(nonces.issue());
    request(hello());
    assertRefused(140000, hello());
  }

  @Test
  void helloIsSignedWithTheRegisteredKeyOfTheUser() {
    helloKey = OTHER;
    assertRefused(130005, hello());
    helloKey = HELLO;
    use = "sig";
    assertRefused(130005, hello());
    use = "ngc";
    keyId = "another";
    assertRefused(130004, hello());
    keyId = KEY_ID;
    issuer = "user02@" + TENANT;
    assertRefused(130004, hello());
    issuer = "nobody@" + TENANT;
    assertRefused(50034, hello());
  }

  @Test
  void helloIsOfNow() {
    expiresAfter = 0;
    assertRefused(500133, hello());
    expiresAfter = 300;
    issuedBefore = -900; // far beyond the tolerance, however slow this host is
    assertRefused(500133, hello());
  }

  @Test
  void theDeviceOfTheHelloKeyIsKnownToo() {
    UUID gone = UUID.randomUUID();
    directory.removeHelloKeys(user);
    directory.put(
        new HelloKey(
            user.tenant(),
            user.id(),
            gone,
            UUID.randomUUID(),
            KEY_ID,
            (RSAPublicKey) HELLO.getPublic()));
    assertRefused(50155, hello());
  }
}
