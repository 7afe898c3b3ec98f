package himmelblau.domain.entra.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.testing.doubles.MemoryKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;

/** The protocol's test vectors. */
public final class Vectors {
  public static final byte[] SESSION_KEY =
      hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  public static final byte[] CTX24 = hex("404142434445464748494a4b4c4d4e4f5051525354555657");
  public static final byte[] CTX32 =
      hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");

  private static final Properties ALL = new Properties();

  static {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors.properties")) {
      ALL.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Vectors() {}

  public static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  public static String get(String name) {
    return Objects.requireNonNull(ALL.getProperty(name), name);
  }

  public static MemoryKey key(String name) {
    try {
      JsonObject jwk = JsonParser.parseString(get("key." + name)).getAsJsonObject();
      KeyFactory factory = KeyFactory.getInstance("RSA");
      BigInteger n = number(jwk, "n");
      return new MemoryKey(
          new KeyPair(
              factory.generatePublic(new RSAPublicKeySpec(n, number(jwk, "e"))),
              factory.generatePrivate(new RSAPrivateKeySpec(n, number(jwk, "d")))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BigInteger number(JsonObject jwk, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.get(name).getAsString()));
  }
}
