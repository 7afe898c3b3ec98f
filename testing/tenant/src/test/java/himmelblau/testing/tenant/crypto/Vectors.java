package himmelblau.testing.tenant.crypto;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.HexFormat;

/** The golden vectors of the protocol. */
final class Vectors {
  private static final JsonObject ALL = load();

  private Vectors() {}

  private static JsonObject load() {
    try (Reader in =
        new InputStreamReader(
            Vectors.class.getResourceAsStream("vectors.json"), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    return ALL.get(name).getAsString();
  }

  static byte[] hex(String name) {
    return HexFormat.of().parseHex(text(name));
  }

  static KeyPair key(String name) throws GeneralSecurityException {
    JsonObject jwk = JsonParser.parseString(text("jwk." + name)).getAsJsonObject();
    KeyFactory factory = KeyFactory.getInstance("RSA");
    BigInteger modulus = number(jwk, "n");
    return new KeyPair(
        factory.generatePublic(new RSAPublicKeySpec(modulus, number(jwk, "e"))),
        factory.generatePrivate(new RSAPrivateKeySpec(modulus, number(jwk, "d"))));
  }

  static X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Encoding.decode(text("certificate"))));
  }

  private static BigInteger number(JsonObject jwk, String name) {
    return new BigInteger(1, Encoding.decode(jwk.get(name).getAsString()));
  }
}
