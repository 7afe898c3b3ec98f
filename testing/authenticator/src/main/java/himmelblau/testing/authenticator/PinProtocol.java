package himmelblau.testing.authenticator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** authenticatorClientPIN with PIN protocol one, and the count of wrong PINs (CTAP 2.0, 5.5). */
final class PinProtocol {
  private static final int MOST_TRIES = 8;
  private static final int MOST_IN_A_ROW = 3;

  private byte[] pinHash = new byte[0];
  private int tries = MOST_TRIES;
  private int wrongInRow;
  private final byte[] token = new byte[32];
  private KeyPair agreement;

  PinProtocol() throws GeneralSecurityException {
    agreement = P256.generate();
    new SecureRandom().nextBytes(token);
  }

  void set(String pin) throws GeneralSecurityException {
    pinHash = Arrays.copyOf(sha256(pin.getBytes(StandardCharsets.UTF_8)), 16);
    tries = MOST_TRIES;
  }

  boolean isSet() {
    return pinHash.length > 0;
  }

  int tries() {
    return tries;
  }

  /** As after the key was pulled out and put in again. */
  void powerUp() {
    wrongInRow = 0;
  }

  /** The answer to authenticatorClientPIN. */
  Map<Object, Object> answer(Map<?, ?> request) throws CtapError, GeneralSecurityException {
    Map<Object, Object> answer = new LinkedHashMap<>();
    switch (request.get(2) instanceof Integer sub ? sub : 0) {
      case 1 -> answer.put(3, tries);
      case 2 -> answer.put(1, P256.cose(agreement.getPublic(), P256.ECDH_ES_HKDF_256));
      case 3 -> set(request);
      case 5 -> answer.put(2, token(request));
      default -> throw new CtapError(CtapError.INVALID_PARAMETER);
    }
    return answer;
  }

  private void set(Map<?, ?> request) throws CtapError, GeneralSecurityException {
    if (isSet()
        || !(request.get(5) instanceof byte[] encrypted)
        || !(request.get(4) instanceof byte[] auth)) {
      throw new CtapError(CtapError.PIN_AUTH_INVALID);
    }
    byte[] shared = shared(request);
    if (!MessageDigest.isEqual(auth, mac(shared, encrypted))) {
      throw new CtapError(CtapError.PIN_AUTH_INVALID);
    }
    byte[] padded = aes(Cipher.DECRYPT_MODE, shared, encrypted);
    int length = 0;
    while (length < padded.length && padded[length] != 0) {
      length++;
    }
    set(new String(padded, 0, length, StandardCharsets.UTF_8));
  }

  private byte[] token(Map<?, ?> request) throws CtapError, GeneralSecurityException {
    if (!isSet()) {
      throw new CtapError(CtapError.PIN_NOT_SET);
    }
    if (tries == 0) {
      throw new CtapError(CtapError.PIN_BLOCKED);
    }
    if (wrongInRow >= MOST_IN_A_ROW) {
      throw new CtapError(CtapError.PIN_AUTH_BLOCKED);
    }
    if (!(request.get(6) instanceof byte[] encrypted)) {
      throw new CtapError(CtapError.INVALID_PARAMETER);
    }
    byte[] shared = shared(request);
    tries--;
    if (!MessageDigest.isEqual(pinHash, aes(Cipher.DECRYPT_MODE, shared, encrypted))) {
      agreement = P256.generate();
      wrongInRow++;
      if (tries == 0) {
        throw new CtapError(CtapError.PIN_BLOCKED);
      }
      throw new CtapError(
          wrongInRow >= MOST_IN_A_ROW ? CtapError.PIN_AUTH_BLOCKED : CtapError.PIN_INVALID);
    }
    tries = MOST_TRIES;
    wrongInRow = 0;
    return aes(Cipher.ENCRYPT_MODE, shared, token);
  }

  /** Whether the platform knows the token, which it got for the right PIN. */
  void verify(byte[] auth, byte[] clientDataHash) throws CtapError, GeneralSecurityException {
    if (!MessageDigest.isEqual(auth, mac(token, clientDataHash))) {
      throw new CtapError(CtapError.PIN_AUTH_INVALID);
    }
  }

  private byte[] shared(Map<?, ?> request) throws GeneralSecurityException, CtapError {
    if (!(request.get(3) instanceof Map<?, ?> theirs)) {
      throw new CtapError(CtapError.INVALID_PARAMETER);
    }
    KeyAgreement agree = KeyAgreement.getInstance("ECDH");
    agree.init(agreement.getPrivate());
    agree.doPhase(P256.ofCose(theirs), true);
    return sha256(agree.generateSecret());
  }

  private static byte[] aes(int mode, byte[] key, byte[] data) throws GeneralSecurityException {
    // Protocol one has an initialization vector of zeros.
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    return cipher.doFinal(data);
  }

  private static byte[] mac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return Arrays.copyOf(mac.doFinal(data), 16);
  }

  static byte[] sha256(byte[] data) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(data);
  }
}
