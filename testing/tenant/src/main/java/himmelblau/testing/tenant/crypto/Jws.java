package himmelblau.testing.tenant.crypto;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A compact JWS as it arrived: header, claims, and the exact bytes needed to verify it. Small on
 * purpose: the session-key JWTs of this protocol carry header members that JOSE libraries do not
 * know what to do with.
 */
public record Jws(
    JsonObject header, JsonObject claims, byte[] payload, String signed, byte[] signature) {
  static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  /**
   * Splits and decodes; verifies nothing.
   *
   * @throws IllegalArgumentException when this is not a compact JWS around a JSON object
   */
  public static Jws parse(String compact) {
    String[] parts = compact.split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not three segments");
    }
    try {
      byte[] payload = Encoding.decode(parts[1]);
      return new Jws(
          object(Encoding.decode(parts[0])),
          object(payload),
          payload,
          parts[0] + "." + parts[1],
          Encoding.decode(parts[2]));
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException("segment is not a JSON object", e);
    }
  }

  private static JsonObject object(byte[] json) {
    return JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  public String algorithm() {
    return text(header, "alg").orElse("");
  }

  /** A claim that is a string or a number, as text. */
  public Optional<String> claim(String name) {
    return text(claims, name);
  }

  /** A claim that is a number, or a string of digits, as some clients send times. */
  public Optional<Long> time(String name) {
    try {
      return claim(name).map(Double::parseDouble).map(Double::longValue);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  public Optional<String> headerText(String name) {
    return text(header, name);
  }

  private static Optional<String> text(JsonObject object, String name) {
    JsonElement element = object.get(name);
    return element == null || !element.isJsonPrimitive()
        ? Optional.empty()
        : Optional.of(element.getAsString());
  }

  public boolean verifiesRs256(PublicKey key) {
    return algorithm().equals("RS256") && verifies("SHA256withRSA", null, key);
  }

  /** RS256, or PS256 as newer clients sign with certificates. */
  public boolean verifiesRsa(PublicKey key) {
    return verifiesRs256(key)
        || (algorithm().equals("PS256")
            && verifies(
                "RSASSA-PSS",
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1),
                key));
  }

  private boolean verifies(
      String name, @Nullable AlgorithmParameterSpec parameters, PublicKey key) {
    try {
      Signature verifier = Signature.getInstance(name);
      if (parameters != null) {
        verifier.setParameter(parameters);
      }
      verifier.initVerify(key);
      verifier.update(Encoding.utf8(signed));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Verifies with the key derived from a session key, by the version that the header names. */
  public boolean verifiesSession(byte[] sessionKey) {
    Optional<String> ctx = headerText("ctx");
    if (!algorithm().equals("HS256") || ctx.isEmpty()) {
      return false;
    }
    byte[] context;
    try {
      context = Encoding.decode(ctx.get());
    } catch (IllegalArgumentException e) {
      return false;
    }
    byte[] key =
        kdfVersion() == 2
            ? SessionKeys.v2(sessionKey, context, payload)
            : SessionKeys.v1(sessionKey, context);
    return MessageDigest.isEqual(SessionKeys.hmac(key, Encoding.utf8(signed)), signature);
  }

  public int kdfVersion() {
    return headerText("kdf_ver").map(v -> v.equals("2") ? 2 : 1).orElse(1);
  }

  public static String signRs256(JsonObject header, JsonObject claims, PrivateKey key) {
    String input = segment(header) + "." + segment(claims);
    try {
      Signature signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(key);
      signer.update(Encoding.utf8(input));
      return input + "." + Encoding.b64u(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token with {@code alg: none} and an empty third segment, as the id_token of a PRT. */
  public static String unsigned(JsonObject claims) {
    return Encoding.b64u(Encoding.utf8("{\"typ\":\"JWT\",\"alg\":\"none\"}"))
        + "."
        + segment(claims)
        + ".";
  }

  private static String segment(JsonObject object) {
    return Encoding.b64u(Encoding.utf8(GSON.toJson(object)));
  }
}
