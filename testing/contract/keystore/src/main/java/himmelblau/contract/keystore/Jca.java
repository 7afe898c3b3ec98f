package himmelblau.contract.keystore;

import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.Oaep;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** The counterpart of each operation, done with the JDK: what a directory would check. */
public final class Jca {
  private Jca() {}

  /** Whether {@code signature} is RS256 or ES256 of {@code data}. */
  public static boolean verifies(KeySpec spec, PublicKey key, byte[] data, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier =
        Signature.getInstance(
            spec == KeySpec.RSA_2048 ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    verifier.initVerify(key);
    verifier.update(data);
    return verifier.verify(signature);
  }

  /** RSA-OAEP. */
  public static byte[] encrypt(PublicKey key, Oaep hash, byte[] plain)
      throws GeneralSecurityException {
    String name = hash == Oaep.SHA1 ? "SHA-1" : "SHA-256";
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        key,
        new OAEPParameterSpec(
            name, "MGF1", new MGF1ParameterSpec(name), PSource.PSpecified.DEFAULT));
    return cipher.doFinal(plain);
  }

  /** HMAC-SHA-256. */
  public static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }
}
