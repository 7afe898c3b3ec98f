package himmelblau.testing.tenant.token;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.Jws;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/** The key that access tokens and id_tokens are signed with, and its published form. */
public final class SigningKey {
  private final KeyPair pair;
  private final String kid;

  public SigningKey(KeyPair pair) {
    this.pair = pair;
    this.kid = Encoding.b64u(Encoding.sha1(pair.getPublic().getEncoded()));
  }

  public String sign(JsonObject claims) {
    JsonObject header = new JsonObject();
    header.addProperty("typ", "JWT");
    header.addProperty("alg", "RS256");
    header.addProperty("x5t", kid);
    header.addProperty("kid", kid);
    return Jws.signRs256(header, claims, pair.getPrivate());
  }

  public boolean signed(Jws token) {
    return token.verifiesRs256(pair.getPublic());
  }

  public JsonObject jwks() {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    JsonObject jwk = new JsonObject();
    jwk.addProperty("kty", "RSA");
    jwk.addProperty("use", "sig");
    jwk.addProperty("kid", kid);
    jwk.addProperty("x5t", kid);
    jwk.addProperty("n", Encoding.b64u(unsigned(key.getModulus())));
    jwk.addProperty("e", Encoding.b64u(unsigned(key.getPublicExponent())));
    JsonArray keys = new JsonArray();
    keys.add(jwk);
    JsonObject set = new JsonObject();
    set.add("keys", keys);
    return set;
  }

  private static byte[] unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
