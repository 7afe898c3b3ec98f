package himmelblau.domain.entra.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.MemoryKey;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.AppRoles;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.User;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;

/**
 * The confidential client of a {@link EntraFixture}, on the host and in the tenant, with users that
 * it may read.
 */
final class ConfidentialClientFixture {
  static final UUID ID = UUID.fromString("00001111-aaaa-2222-bbbb-3333cccc4444");
  private static final String PLACE = EntraFixture.DOMAIN + "/confidential/";

  private final EntraFixture lab;
  private final UUID tenant;

  ConfidentialClientFixture(EntraFixture lab) {
    this.lab = lab;
    this.tenant = lab.user().tenant();
  }

  // --- on the host, as aad-tool cred does it ------------------------------------------------

  /** Makes a key and a certificate for it. */
  X509Certificate makeCertificate(Duration valid) throws Exception {
    WrappedKey wrapped = lab.machine.create(KeySpec.RSA_2048, null);
    MemoryKey key = (MemoryKey) lab.machine.load(wrapped, null);
    X500Name name = new X500Name("CN=" + ID);
    Instant now = Instant.now();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new X509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofDays(30))),
                        Date.from(now.plus(valid)),
                        name,
                        SubjectPublicKeyInfo.getInstance(key.publicKey().getEncoded()))
                    .build(new Signer(key)));
    lab.vault.writeKey(PLACE + "key", wrapped);
    lab.vault.write(PLACE + "certificate", Secret.copyOf(certificate.getEncoded()));
    return certificate;
  }

  void keepSecret(String secret) throws Exception {
    lab.vault.write(
        PLACE + "secret",
        Secret.ofText("{\"client_id\":\"" + ID + "\",\"secret\":\"" + secret + "\"}"));
  }

  void deleteAll() {
    for (String what : List.of("certificate", "key", "secret")) {
      lab.vault.delete(PLACE + what);
    }
  }

  /** As on the first day, on both sides. */
  void forget() {
    deleteAll();
    lab.machine.broken = false;
    lab.tenant.directory().app(tenant, ID).ifPresent(lab.tenant.directory()::remove);
  }

  // --- in the tenant ------------------------------------------------------------------------

  void register(List<X509Certificate> certificates, List<App.Secret> secrets, List<String> roles) {
    lab.tenant
        .directory()
        .put(new App(tenant, ID, ID, "host", List.of(), secrets, certificates, roles));
  }

  /** A certificate on both sides. */
  void works() throws Exception {
    register(List.of(makeCertificate(Duration.ofDays(365))), List.of(), AppRoles.DEFAULT);
  }

  User user(String name, Map<String, String> unix) {
    User user =
        new User(
            tenant,
            UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            name + "@" + EntraFixture.DOMAIN,
            "The " + name,
            "",
            List.of(),
            true,
            false,
            unix,
            Instant.EPOCH);
    lab.tenant.directory().put(user);
    return user;
  }

  Group group(String name, String type, Map<String, String> unix, UUID... members) {
    Group group = new Group(tenant, UUID.randomUUID(), name, type, Set.of(members), unix);
    lab.tenant.directory().put(group);
    return group;
  }

  /** Paths that were asked for on hosts whose name holds a word. */
  List<String> asked(String host) {
    List<String> paths = new ArrayList<>();
    for (JsonElement element : lab.tenant.log().all()) {
      JsonObject entry = element.getAsJsonObject();
      if (entry.get("host").getAsString().contains(host)) {
        paths.add(entry.get("path").getAsString());
      }
    }
    return paths;
  }

  long tokensAsked() {
    return asked("login").stream().filter(path -> path.endsWith("/oauth2/v2.0/token")).count();
  }

  private record Signer(MemoryKey key, java.io.ByteArrayOutputStream content)
      implements ContentSigner {
    Signer(MemoryKey key) {
      this(key, new java.io.ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      ASN1ObjectIdentifier rs256 = PKCSObjectIdentifiers.sha256WithRSAEncryption;
      return new AlgorithmIdentifier(rs256, DERNull.INSTANCE);
    }

    @Override
    public java.io.OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      try {
        return key.sign(content.toByteArray());
      } catch (himmelblau.api.hsm.KeyStoreUnavailable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
