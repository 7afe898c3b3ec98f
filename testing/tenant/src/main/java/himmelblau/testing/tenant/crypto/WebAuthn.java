package himmelblau.testing.tenant.crypto;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** Verifies WebAuthn assertions for the relying party that the service is. */
public final class WebAuthn {
  public static final String RP_ID = "login.microsoft.com";
  private static final String ORIGIN = "https://login.microsoft.com";

  private WebAuthn() {}

  /**
   * A registered passkey.
   *
   * @param crossDevice whether it can be used from a phone next to the machine
   */
  public record Passkey(
      byte[] credentialId,
      PublicKey key,
      byte[] userHandle,
      boolean crossDevice,
      AtomicLong counter) {

    /** From a SubjectPublicKeyInfo in DER: P-256, RSA or Ed25519. */
    public static Passkey of(
        byte[] credentialId, byte[] spki, byte[] userHandle, boolean crossDevice) {
      for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
        try {
          return new Passkey(
              credentialId,
              KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki)),
              userHandle,
              crossDevice,
              new AtomicLong());
        } catch (GeneralSecurityException e) {
          // of another kind
        }
      }
      throw new IllegalArgumentException(
          "the public key is no SubjectPublicKeyInfo of an EC, RSA or Ed25519 key");
    }
  }

  /** An assertion as the sign-in page posts it. */
  public record Assertion(
      byte[] id, byte[] clientData, byte[] authenticatorData, byte[] signature, byte[] userHandle) {

    /**
     * Parses the JSON form, all members base64url.
     *
     * @throws IllegalArgumentException when a member is missing or unreadable
     */
    public static Assertion parse(String json) {
      try {
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        return new Assertion(
            Encoding.decode(object.get("id").getAsString()),
            Encoding.decode(object.get("clientDataJSON").getAsString()),
            Encoding.decode(object.get("authenticatorData").getAsString()),
            Encoding.decode(object.get("signature").getAsString()),
            object.has("userHandle") && object.get("userHandle").isJsonPrimitive()
                ? Encoding.decode(object.get("userHandle").getAsString())
                : new byte[0]);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("assertion is unreadable", e);
      }
    }
  }

  /**
   * Verifies an assertion: type, challenge, origin, relying party, presence, counter, signature.
   *
   * @param challenge the text of the challenge; its ASCII bytes are the challenge
   * @return whether the user was verified too, not merely present
   * @throws IllegalArgumentException saying what does not hold
   */
  public static boolean verify(Assertion assertion, Passkey passkey, String challenge) {
    JsonObject client =
        JsonParser.parseString(new String(assertion.clientData(), StandardCharsets.UTF_8))
            .getAsJsonObject();
    demand(client.get("type").getAsString().equals("webauthn.get"), "type is not webauthn.get");
    demand(
        Arrays.equals(
            Encoding.decode(client.get("challenge").getAsString()), Encoding.utf8(challenge)),
        "challenge is another one");
    demand(client.get("origin").getAsString().equals(ORIGIN), "origin is not " + ORIGIN);
    byte[] data = assertion.authenticatorData();
    demand(data.length >= 37, "authenticator data is too short");
    demand(
        Arrays.equals(Arrays.copyOf(data, 32), Encoding.sha256(Encoding.utf8(RP_ID))),
        "relying party is not " + RP_ID);
    int flags = data[32];
    demand((flags & 1) != 0, "user was not present");
    demand(
        assertion.userHandle().length == 0
            || passkey.userHandle().length == 0
            || Arrays.equals(assertion.userHandle(), passkey.userHandle()),
        "user handle is another one");
    byte[] hash = Encoding.sha256(assertion.clientData());
    byte[] signed = ByteBuffer.allocate(data.length + hash.length).put(data).put(hash).array();
    demand(holds(passkey.key(), signed, assertion.signature()), "signature does not hold");
    long counter = ByteBuffer.wrap(data, 33, 4).getInt() & 0xffffffffL;
    // A refused replay must not lower it: what lies between would be accepted next.
    long before = passkey.counter().getAndAccumulate(counter, Math::max);
    demand(counter > before || (counter == 0 && before == 0), "counter did not grow");
    return (flags & 4) != 0;
  }

  private static boolean holds(PublicKey key, byte[] signed, byte[] signature) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
