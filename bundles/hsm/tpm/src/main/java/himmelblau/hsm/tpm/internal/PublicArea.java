package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;

/** Reads what a TPM answers: public areas and signatures, in its byte format. */
final class PublicArea {
  private static final int COORDINATE = 32;
  private static final BigInteger DEFAULT_EXPONENT = BigInteger.valueOf(65537);

  private PublicArea() {}

  /** The key in a TPM2B_PUBLIC. */
  static PublicKey publicKey(KeySpec spec, byte[] publicArea) throws KeyRefused {
    try {
      ByteBuffer in = ByteBuffer.wrap(publicArea);
      in.getShort(); // size
      int type = in.getShort() & 0xffff;
      in.getShort(); // name algorithm
      in.getInt(); // attributes
      sized(in); // policy
      in.getShort(); // symmetric: null
      if (spec == KeySpec.RSA_2048 && type == Template.RSA) {
        in.getShort(); // scheme: null
        in.getShort(); // bits
        in.getInt(); // exponent: default
        return KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(new BigInteger(1, sized(in)), DEFAULT_EXPONENT));
      }
      if (spec == KeySpec.EC_P256 && type == Template.ECC) {
        in.getInt(); // scheme: ECDSA, SHA-256
        in.getShort(); // curve
        in.getShort(); // derivation: null
        ECPoint point = new ECPoint(new BigInteger(1, sized(in)), new BigInteger(1, sized(in)));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
      }
      throw new KeyRefused("The key is damaged: the TPM's public area is of another type");
    } catch (BufferUnderflowException | GeneralSecurityException e) {
      throw new KeyRefused("The key is damaged: its public area is not valid", e);
    }
  }

  /** RS256 or ES256 from a TPMT_SIGNATURE. */
  static byte[] signature(KeySpec spec, byte[] wire) {
    ByteBuffer in = ByteBuffer.wrap(wire);
    in.getInt(); // scheme and hash
    if (spec == KeySpec.RSA_2048) {
      return sized(in);
    }
    byte[] out = new byte[2 * COORDINATE];
    for (int end = COORDINATE; end <= out.length; end += COORDINATE) {
      byte[] number = sized(in); // without zeroes in front, on some chips
      System.arraycopy(number, 0, out, end - number.length, number.length);
    }
    return out;
  }

  private static byte[] sized(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    return bytes;
  }
}
