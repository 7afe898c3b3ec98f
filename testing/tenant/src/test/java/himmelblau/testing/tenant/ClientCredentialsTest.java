package himmelblau.testing.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.AppRoles;
import himmelblau.testing.tenant.web.Reply;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications that sign in as themselves: with which proof, and to read what. */
class ClientCredentialsTest {
  private static final String TENANT = "example.onmicrosoft.com";
  private static final String TOKEN = "/" + TENANT + "/oauth2/v2.0/token";
  private static final UUID CLIENT = UUID.fromString("00001111-aaaa-2222-bbbb-3333cccc4444");
  private static final KeyPair KEY = key();
  private static final KeyPair FOREIGN = key();
  private static final X509Certificate CERTIFICATE = certificate(KEY, 30);
  private static final X509Certificate EXPIRED = certificate(KEY, -1);
  private InProcess tenant;

  @BeforeEach
  void start() throws Exception {
    tenant = new InProcess();
    register(AppRoles.DEFAULT);
  }

  private void register(List<String> roles) {
    tenant
        .service()
        .directory()
        .put(
            new App(
                tenant.service().directory().tenant(TENANT).orElseThrow().id(),
                CLIENT,
                UUID.randomUUID(),
                "host",
                List.of(),
                List.of(new App.Secret("right", Instant.MAX), new App.Secret("old", Instant.EPOCH)),
                List.of(CERTIFICATE, EXPIRED),
                roles));
  }

  private Reply secret(String secret, Map<String, String> change) {
    Map<String, String> form = new HashMap<>();
    form.put("client_id", CLIENT.toString());
    form.put("grant_type", "client_credentials");
    form.put("scope", "00000003-0000-0000-c000-000000000000/.default");
    form.put("client_secret", secret);
    form.putAll(change);
    return tenant.post(TOKEN, form);
  }

  private Reply assertion(String jwt) {
    return secret(
        "",
        Map.of(
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion",
            jwt));
  }

  private static JsonObject header(String algorithm, String thumbprint, byte[] hash) {
    JsonObject header = new JsonObject();
    header.addProperty("alg", algorithm);
    header.addProperty("typ", "JWT");
    header.addProperty(thumbprint, Encoding.b64u(hash));
    return header;
  }

  private static JsonObject old(X509Certificate certificate) throws Exception {
    return header("RS256", "x5t", Encoding.sha1(certificate.getEncoded()));
  }

  private static JsonObject claims() {
    long now = Instant.now().getEpochSecond();
    JsonObject claims = new JsonObject();
    claims.addProperty("aud", "https://login.microsoftonline.com" + TOKEN);
    claims.addProperty("iss", CLIENT.toString());
    claims.addProperty("sub", CLIENT.toString());
    claims.addProperty("jti", UUID.randomUUID().toString());
    claims.addProperty("iat", now);
    claims.addProperty("exp", now + 600);
    return claims;
  }

  @Test
  void givesAnAppTokenForASecretOrACertificate() throws Exception {
    assertEquals(200, secret("right", Map.of()).status());
    String once = Jws.signRs256(old(CERTIFICATE), claims(), KEY.getPrivate());
    assertEquals(200, assertion(once).status());
    assertEquals(200, assertion(once).status(), "MSAL sends an assertion again while it lives");
    Reply reply = assertion(newer());
    JsonObject token = InProcess.json(reply);
    Jws access = Jws.parse(token.get("access_token").getAsString());
    assertEquals("app", access.claim("idtyp").orElseThrow());
    assertEquals(4, access.claims().getAsJsonArray("roles").size());
    assertTrue(token.get("expires_in").getAsInt() > 0);
    assertTrue(!token.has("refresh_token") && !token.has("id_token"));
  }

  /** PS256 and SHA-256, as newer MSAL signs. */
  private static String newer() throws Exception {
    JsonObject header = header("PS256", "x5t#S256", Encoding.sha256(CERTIFICATE.getEncoded()));
    String input =
        Encoding.b64u(Encoding.utf8(header.toString()))
            + "."
            + Encoding.b64u(Encoding.utf8(claims().toString()));
    Signature signer = Signature.getInstance("RSASSA-PSS");
    signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    signer.initSign(KEY.getPrivate());
    signer.update(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Encoding.b64u(signer.sign());
  }

  @ParameterizedTest
  @CsvSource({"wrong, 7000215", "old, 7000222", "'', 7000218"})
  void refusesSecrets(String secret, int code) {
    Reply reply = secret(secret, Map.of());
    assertEquals(code, InProcess.code(reply));
    assertEquals(401, reply.status());
  }

  @Test
  void refusesAnUnknownApplicationAndAScopeOfItsOwn() {
    String other = UUID.randomUUID().toString();
    assertEquals(700016, InProcess.code(secret("right", Map.of("client_id", other))));
    assertEquals(
        1002012,
        InProcess.code(secret("right", Map.of("scope", "https://graph.microsoft.com/User.Read"))));
  }

  @ParameterizedTest
  @CsvSource({
    "aud, https://login.microsoftonline.com/0pndv.onmicrosoft.com/oauth2/v2.0/token, 700023",
    "aud, '', 700023",
    "iss, 99991111-aaaa-2222-bbbb-3333cccc4444, 700021",
    "sub, 99991111-aaaa-2222-bbbb-3333cccc4444, 700021",
    "exp, 1000, 700024",
    "exp, 9999999999, 700024",
    "exp, never, 700024",
    "nbf, 9999999999, 700024",
  })
  void refusesClaims(String name, String value, int code) throws Exception {
    JsonObject claims = claims();
    claims.addProperty(name, value);
    Reply reply = assertion(Jws.signRs256(old(CERTIFICATE), claims, KEY.getPrivate()));
    assertEquals(code, InProcess.code(reply));
  }

  @Test
  void refusesSignaturesAndCertificates() throws Exception {
    refuses(700027, "not found", old(certificate(FOREIGN, 30)), FOREIGN);
    refuses(700027, "did not match", old(CERTIFICATE), FOREIGN);
    refuses(700027, "is expired", old(EXPIRED), KEY);
    JsonObject bare = old(CERTIFICATE);
    bare.remove("x5t");
    refuses(5002723, "thumbprint", bare, KEY);
    JsonObject odd = old(CERTIFICATE);
    odd.addProperty("alg", "none");
    refuses(5002738, "not supported", odd, KEY);
    assertEquals(50027, InProcess.code(assertion("no.jwt")));
  }

  private void refuses(int code, String reason, JsonObject header, KeyPair key) {
    Reply reply = assertion(Jws.signRs256(header, claims(), key.getPrivate()));
    assertEquals(code, InProcess.code(reply));
    assertTrue(reply.bodyText().contains(reason), reply.bodyText());
  }

  @Test
  void graphLetsAnApplicationReadWhatItIsPermittedOnly() {
    register(List.of("Group.Read.All"));
    String bearer = InProcess.json(secret("right", Map.of())).get("access_token").getAsString();
    Reply denied = graph("/v1.0/users/user01@" + TENANT, bearer);
    assertEquals(403, denied.status());
    assertTrue(denied.bodyText().contains("Authorization_RequestDenied"));
    assertEquals(200, graph("/v1.0/groups", bearer).status());
    register(List.of("User.Read.All"));
    bearer = InProcess.json(secret("right", Map.of())).get("access_token").getAsString();
    assertEquals(200, graph("/v1.0/users/user01@" + TENANT, bearer).status());
    assertEquals(403, graph("/v1.0/groups", bearer).status());
  }

  private Reply graph(String path, String bearer) {
    return tenant.call(
        "GET",
        "graph.microsoft.com",
        path,
        "",
        new byte[0],
        Map.of("authorization", "Bearer " + bearer));
  }

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(KeyPair key, int days) {
    X500Principal name = new X500Principal("CN=" + CLIENT);
    Instant now = Instant.now();
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              new JcaX509v3CertificateBuilder(
                      name,
                      BigInteger.valueOf(days + 100),
                      Date.from(now.minus(Duration.ofDays(90))),
                      Date.from(now.plus(Duration.ofDays(days))),
                      name,
                      key.getPublic())
                  .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
