package himmelblau.domain.entra.internal.crypto;

import static himmelblau.domain.entra.internal.Vectors.CTX24;
import static himmelblau.domain.entra.internal.Vectors.SESSION_KEY;
import static himmelblau.domain.entra.internal.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.Vectors;
import himmelblau.testing.doubles.MemoryKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and envelopes that a directory does not send: each is refused in one way. */
class HostileTokenTest {
  private static final byte[] PLAIN = "{\"refresh_token\":\"x\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] GCM_IV = hex("000102030405060708090a0b");
  private static final byte[] CBC_IV = hex("000102030405060708090a0b0c0d0e0f");
  private static final String CONTEXT = Base64s.standard(CTX24);
  private static final String SEALED =
      "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"ctx\":\"" + CONTEXT + "\"}";
  private static final String WRAPPED = "{\"enc\":\"A256GCM\",\"alg\":\"RSA-OAEP\"}";

  private final SessionKey session = new SessionKey(Secret.copyOf(SESSION_KEY));
  private final MemoryKey transport = Vectors.key("transport");

  private static String url(String text) {
    return Base64s.url(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String sentence, Executable read) {
    DomainUnavailable e = assertThrows(DomainUnavailable.class, read);
    assertEquals(DomainUnavailable.Kind.PROTOCOL, e.kind());
    assertEquals(sentence, e.getMessage());
  }

  // Replies that are sealed with the session key

  private void assertNotOpened(String jwe) {
    assertRefused(
        "The reply cannot be opened with the session key", () -> session.open(jwe, "The reply"));
  }

  /** Sealed correctly, whatever the header says. */
  private String gcm(String header) throws GeneralSecurityException {
    return gcm(header, GCM_IV);
  }

  private String gcm(String header, byte[] iv) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(session.derive(CTX24), "AES"),
        new GCMParameterSpec(128, iv));
    cipher.updateAAD(url(header).getBytes(StandardCharsets.US_ASCII));
    byte[] sealed = cipher.doFinal(PLAIN);
    int content = sealed.length - 16;
    return String.join(
        ".",
        url(header),
        "",
        Base64s.url(iv),
        Base64s.url(Arrays.copyOf(sealed, content)),
        Base64s.url(Arrays.copyOfRange(sealed, content, sealed.length)));
  }

  private String cbc(String header, byte[] key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(CBC_IV));
    return String.join(
        ".", url(header), "", Base64s.url(CBC_IV), Base64s.url(cipher.doFinal(PLAIN)), "");
  }

  @Test
  void whatIsSealedCorrectlyIsOpened() throws Exception {
    assertArrayEquals(PLAIN, session.open(gcm(SEALED), "The reply"));
    byte[] derived = session.derive(CTX24);
    assertArrayEquals(PLAIN, session.open(cbc(SEALED, derived), "The reply"));
    String named = SEALED.replace("}", ",\"kid\":\"session\"}");
    assertArrayEquals(PLAIN, session.open(gcm(named), "The reply"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\",\"enc\":\"A256GCM\",\"ctx\":\"@\"}",
        "{\"alg\":\"HS256\",\"enc\":\"A256GCM\",\"ctx\":\"@\"}",
        "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\",\"ctx\":\"@\"}",
        "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\",\"ctx\":\"@\"}",
        "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"ctx\":\"@\",\"p2c\":2000000000}",
        "{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\",\"ctx\":\"@\"}",
        "{\"alg\":\"dir\",\"ctx\":\"@\"}",
        "{\"enc\":\"A256GCM\",\"ctx\":\"@\"}",
        "{\"alg\":\"dir\",\"alg\":\"dir\",\"enc\":\"A256GCM\",\"ctx\":\"@\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"ctx\":7}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"ctx\":\"%%\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"ctx\":\"@\",\"zip\":\"DEF\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"ctx\":\"@\",\"crit\":[\"ctx\"]}",
        "[]",
        "null",
        ""
      })
  void aHeaderThatSaysSomethingElseIsRefused(String header) throws Exception {
    assertNotOpened(gcm(header.replace("@", CONTEXT)));
    assertNotOpened(cbc(header.replace("@", CONTEXT), session.derive(CTX24)));
  }

  @Test
  void aHeaderWithoutEndIsRefused() throws Exception {
    assertNotOpened(gcm(SEALED.replace("}", ",\"x\":" + "[".repeat(9_000))));
    String large = SEALED.replace("}", ",\"x\":\"" + "x".repeat(100_000) + "\"}");
    assertNotOpened(gcm(large));
  }

  @Test
  void aKeyInTheReplyIsRefused() throws Exception {
    assertNotOpened(gcm(SEALED).replace("..", "." + Base64s.url(SESSION_KEY) + "."));
  }

  @Test
  void anotherKeyIsRefused() throws Exception {
    try (SessionKey other = new SessionKey(Secret.taking(new byte[32]))) {
      String sealed = gcm(SEALED);
      assertRefused(
          "The reply cannot be opened with the session key", () -> other.open(sealed, "The reply"));
    }
    assertNotOpened(cbc(SEALED, SESSION_KEY));
    assertNotOpened(cbc(SEALED, Arrays.copyOf(session.derive(CTX24), 16)));
  }

  @Test
  void aReplyThatIsCutIsRefused() throws Exception {
    String whole = gcm(SEALED);
    for (int length = 0; length < whole.length(); length++) {
      assertNotOpened(whole.substring(0, length));
    }
    assertNotOpened(whole + ".");
  }

  @Test
  void anIvOfNoCipherIsRefused() throws Exception {
    for (int length : new int[] {1, 8, 11, 13, 15, 16, 17, 32, 4096}) {
      assertNotOpened(gcm(SEALED, new byte[length]));
    }
    String[] parts = gcm(SEALED).split("\\.", -1);
    parts[2] = "";
    assertNotOpened(String.join(".", parts));
  }

  @Test
  void aPartThatIsNotBase64IsRefused() throws Exception {
    String[] whole = gcm(SEALED).split("\\.", -1);
    for (int part : new int[] {0, 2, 3, 4}) {
      String[] parts = whole.clone();
      parts[part] = "*" + parts[part];
      assertNotOpened(String.join(".", parts));
    }
  }

  // The session key

  private static final String SESSION = "The session key in the directory's reply ";

  private String wrapped(String header, byte[] key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
    cipher.init(Cipher.ENCRYPT_MODE, transport.publicKey());
    return url(header) + "." + Base64s.url(cipher.doFinal(key)) + ".AAAA.AA.AAAA";
  }

  @Test
  void aKeyThatIsWrappedCorrectlyIsUnwrapped() throws Exception {
    try (SessionKey key = WrappedSessionKey.unwrap(wrapped(WRAPPED, SESSION_KEY), transport)) {
      assertArrayEquals(SESSION_KEY, key.copy().copyBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"RSA1_5\",\"enc\":\"A256GCM\"}",
        "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
        "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}",
        "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\",\"crit\":[\"x\"],\"x\":1}"
      })
  void aKeyThatIsWrappedInAnotherWayIsRefused(String header) throws Exception {
    String jwe = wrapped(header, SESSION_KEY);
    assertRefused(
        SESSION + "is wrapped in another way than RSA-OAEP",
        () -> WrappedSessionKey.unwrap(jwe, transport));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33, 64})
  void aSessionKeyOfAnotherSizeIsRefused(int length) throws Exception {
    String jwe = wrapped(WRAPPED, new byte[length]);
    assertRefused(SESSION + "has a wrong length", () -> WrappedSessionKey.unwrap(jwe, transport));
  }

  @Test
  void whatIsNoWrappedKeyIsRefused() throws Exception {
    String whole = wrapped(WRAPPED, SESSION_KEY);
    int encrypted = whole.indexOf('.', whole.indexOf('.') + 1);
    for (int length = 0; length < encrypted; length += 41) {
      String cut = whole.substring(0, length);
      assertThrows(DomainUnavailable.class, () -> WrappedSessionKey.unwrap(cut, transport));
      String shorter = cut + whole.substring(encrypted);
      assertThrows(DomainUnavailable.class, () -> WrappedSessionKey.unwrap(shorter, transport));
    }
    for (String header : new String[] {"{\"alg\":\"none\"}", "{}", "7"}) {
      String jwe = wrapped(header, SESSION_KEY);
      assertRefused(SESSION + "is not a JWE", () -> WrappedSessionKey.unwrap(jwe, transport));
    }
    String huge =
        wrapped(WRAPPED.replace("}", ",\"x\":\"" + "x".repeat(100_000) + "\"}"), SESSION_KEY);
    assertRefused(SESSION + "is not a JWE", () -> WrappedSessionKey.unwrap(huge, transport));
    String[] parts = whole.split("\\.", -1);
    parts[1] = "";
    assertRefused(
        SESSION + "is not there",
        () -> WrappedSessionKey.unwrap(String.join(".", parts), transport));
    parts[1] = Base64s.url(new byte[1 << 20]);
    assertRefused(
        SESSION + "was not wrapped for this device",
        () -> WrappedSessionKey.unwrap(String.join(".", parts), transport));
  }

  // Tokens whose claims are read

  private static final String CLAIMS = url("{\"a\":\"b\"}");

  @Test
  void theClaimsOfUnsignedTokensAreRead() throws Exception {
    String token = url("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "." + CLAIMS + ".";
    assertEquals("b", Base64s.claims(token, "The id token").require("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}", // with a signature
        "{\"typ\":\"JWT\"}",
        "{\"alg\":7}",
        "{\"alg\":\"RS256\",\"alg\":\"none\"}",
        "{\"alg\":\"RS256\"",
        "[]",
        ""
      })
  void aTokenWithAHeaderThatIsNoneIsRefused(String header) {
    assertRefused(
        "The id token is not a JWT",
        () -> Base64s.claims(url(header) + "." + CLAIMS + ".AAAA", "The id token"));
  }

  @Test
  void whatIsNoTokenIsRefused() throws Exception {
    String header = url("{\"alg\":\"RS256\"}");
    String sealed = gcm(SEALED);
    String endless = url("{\"alg\":\"RS256\",\"x\":" + "[".repeat(9_000));
    String large = url("{\"alg\":\"RS256\",\"x\":\"" + "x".repeat(100_000) + "\"}");
    for (String token :
        new String[] {
          "",
          ".",
          "..",
          header,
          header + "." + CLAIMS,
          header + "." + CLAIMS + ".A.A",
          sealed,
          endless + "." + CLAIMS + ".AAAA",
          large + "." + CLAIMS + ".AAAA"
        }) {
      assertRefused("The id token is not a JWT", () -> Base64s.claims(token, "The id token"));
    }
    assertRefused(
        "The id token is not base64",
        () -> Base64s.claims(header + ".*" + CLAIMS + ".AAAA", "The id token"));
    assertRefused(
        "The id token is not JSON",
        () -> Base64s.claims(header + "." + url("{\"a\":") + ".AAAA", "The id token"));
    String deep = url("{\"a\":" + "[".repeat(100_000));
    assertRefused(
        "The id token is not JSON",
        () -> Base64s.claims(header + "." + deep + ".AAAA", "The id token"));
  }

  // What this host signs

  @ParameterizedTest
  @ValueSource(strings = {"none", "HS256", "PS256", "RS512", "ES256"})
  void aStoredKeySignsNothingButWhatItIsFor(String algorithm) {
    String header = "{\"alg\":\"" + algorithm + "\"}";
    assertThrows(
        IllegalArgumentException.class, () -> Jws.rs256(header, PLAIN, Vectors.key("device")));
  }

  @Test
  void headersGoOutAsTheyAre() throws Exception {
    String header = "{\"alg\":\"RS256\", \"z\":\"ä\",\"typ\":\"JWT\",\"a\":[]}";
    String jws = Jws.rs256(header, PLAIN, Vectors.key("device")).revealText();
    assertTrue(jws.startsWith(url(header) + "." + Base64s.url(PLAIN) + "."), jws);
  }
}
