package himmelblau.hsm.envelope;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.HexFormat;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** The public half of a P-256 key that came without it. */
public final class P256 {
  // SubjectPublicKeyInfo of id-ecPublicKey on secp256r1 up to the uncompressed point (RFC 5480).
  private static final byte[] PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  private P256() {}

  /** X.509 SubjectPublicKeyInfo of the key with that private scalar. */
  public static byte[] publicKeyInfo(BigInteger scalar) {
    var curve = CustomNamedCurves.getByName("secp256r1");
    byte[] point =
        new FixedPointCombMultiplier().multiply(curve.getG(), scalar).normalize().getEncoded(false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREFIX);
    out.writeBytes(point);
    return out.toByteArray();
  }
}
