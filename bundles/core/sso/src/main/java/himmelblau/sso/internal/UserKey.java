package himmelblau.sso.internal;

import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A key of one user, to which the directory binds tokens and with which requests to resources are
 * signed. In memory only, like the tokens that are bound to it. Immutable.
 */
final class UserKey {
  private static final int BITS = 2048;

  private final PrivateKey secret;
  private final JsonObject jwk;
  private final String id;

  private UserKey(PrivateKey secret, JsonObject jwk, String id) {
    this.secret = secret;
    this.jwk = jwk;
    this.id = id;
  }

  /** A new one; takes some tenths of a second. */
  static UserKey make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      KeyPair pair = generator.generateKeyPair();
      RSAPublicKey open = (RSAPublicKey) pair.getPublic();
      JsonObject jwk = new JsonObject(); // members in the order of RFC 7638 3
      jwk.addProperty("e", unsigned(open.getPublicExponent()));
      jwk.addProperty("kty", "RSA");
      jwk.addProperty("n", unsigned(open.getModulus()));
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(jwk.toString().getBytes(StandardCharsets.UTF_8));
      return new UserKey(pair.getPrivate(), jwk, encoded(digest));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No RSA key can be made", e);
    }
  }

  /** The thumbprint (RFC 7638), which the directory puts into tokens as {@code kid}. */
  String id() {
    return id;
  }

  /**
   * A signed HTTP request as resources of Microsoft take it: a JWS of the type {@code pop}.
   *
   * @param token the access token that is bound to this key, if the proof is to bring it
   */
  String sign(PopParameters request, Optional<String> token, Instant now) {
    JsonObject header = new JsonObject();
    header.addProperty("alg", "RS256");
    header.addProperty("kid", id);
    header.addProperty("typ", "pop");
    JsonObject confirmation = new JsonObject();
    confirmation.add("jwk", jwk);
    JsonObject claims = new JsonObject();
    token.ifPresent(value -> claims.addProperty("at", value));
    claims.addProperty("ts", now.getEpochSecond());
    request.method().ifPresent(value -> claims.addProperty("m", value));
    request.host().ifPresent(value -> claims.addProperty("u", value));
    request.path().ifPresent(value -> claims.addProperty("p", value));
    request.nonce().ifPresent(value -> claims.addProperty("nonce", value));
    request.clientClaims().ifPresent(value -> claims.addProperty("client_claims", value));
    claims.add("cnf", confirmation);
    String text = encoded(header.toString()) + "." + encoded(claims.toString());
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(secret);
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The key of the user cannot sign", e);
    }
  }

  private static String unsigned(BigInteger number) {
    byte[] raw = number.toByteArray();
    int sign = raw[0] == 0 ? 1 : 0;
    byte[] magnitude = new byte[raw.length - sign];
    System.arraycopy(raw, sign, magnitude, 0, magnitude.length);
    return encoded(magnitude);
  }

  private static String encoded(String text) {
    return encoded(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(byte[] raw) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
  }
}
