package himmelblau.testing.authenticator;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys of the curve P-256 as COSE writes them (RFC 9053). */
final class P256 {
  static final int ES256 = -7;
  static final int ECDH_ES_HKDF_256 = -25;

  private P256() {}

  static KeyPair generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static Map<Object, Object> cose(PublicKey key, int algorithm) {
    ECPoint point = ((ECPublicKey) key).getW();
    Map<Object, Object> cose = new LinkedHashMap<>();
    cose.put(1, 2);
    cose.put(3, algorithm);
    cose.put(-1, 1);
    cose.put(-2, fixed(point.getAffineX()));
    cose.put(-3, fixed(point.getAffineY()));
    return cose;
  }

  static PublicKey ofCose(Map<?, ?> cose) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    if (!(cose.get(-2) instanceof byte[] x) || !(cose.get(-3) instanceof byte[] y)) {
      throw new IllegalArgumentException("not a key of P-256");
    }
    ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    return fixed;
  }
}
