package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeySpec;

/** Public areas, TPMT_PUBLIC (TCG TPM 2.0 part 2, 12.2.4). */
final class Template {
  static final int RSA = 0x0001;
  static final int KEYEDHASH = 0x0008;
  static final int SHA1 = 0x0004;
  static final int SHA256 = 0x000b;
  static final int AES = 0x0006;
  static final int CFB = 0x0043;
  static final int HMAC = 0x0005;
  static final int NULL = 0x0010;
  static final int RSASSA = 0x0014;
  static final int OAEP = 0x0017;
  static final int ECDSA = 0x0018;
  static final int ECC = 0x0023;
  static final int SYMCIPHER = 0x0025;
  static final int P256 = 0x0003;

  private static final int FIXED = 0x02 | 0x10; // fixedTPM, fixedParent
  private static final int SENSITIVE_ORIGIN = 0x20;
  private static final int USER_WITH_AUTH = 0x40;
  private static final int NO_DA = 0x400;
  private static final int RESTRICTED = 0x10000;
  private static final int DECRYPT = 0x20000;
  private static final int SIGN = 0x40000;
  private static final int STORAGE =
      FIXED | SENSITIVE_ORIGIN | USER_WITH_AUTH | NO_DA | RESTRICTED | DECRYPT;
  private static final byte[] NONE = new byte[0];

  private Template() {}

  /** The storage root of TCG EK Credential Profile's "SRK" template, ECC P-256. */
  static byte[] storageRoot() {
    return new TpmEncoding()
        .u16(ECC)
        .u16(SHA256)
        .u32(STORAGE)
        .sized(NONE)
        .u16(AES)
        .u16(128)
        .u16(CFB)
        .u16(NULL)
        .u16(P256)
        .u16(NULL)
        .sized(new byte[32])
        .sized(new byte[32])
        .bytes();
  }

  /** A symmetric storage key: what hangs below loads without a slow asymmetric operation. */
  static byte[] machine() {
    return new TpmEncoding()
        .u16(SYMCIPHER)
        .u16(SHA256)
        .u32(STORAGE)
        .sized(NONE)
        .u16(AES)
        .u16(128)
        .u16(CFB)
        .sized(NONE)
        .bytes();
  }

  /**
   * Sealed bytes that the TPM returns for the auth value.
   *
   * @param guarded whether wrong auth values count towards the TPM's lockout
   */
  static byte[] sealed(boolean guarded) {
    return new TpmEncoding()
        .u16(KEYEDHASH)
        .u16(SHA256)
        .u32(FIXED | USER_WITH_AUTH | (guarded ? 0 : NO_DA))
        .sized(NONE)
        .u16(NULL)
        .sized(NONE)
        .bytes();
  }

  /** A key that the TPM makes. */
  static byte[] fresh(KeySpec spec, boolean guarded) {
    return key(spec, FIXED | SENSITIVE_ORIGIN | (guarded ? 0 : NO_DA), NONE, NONE);
  }

  /**
   * An imported key.
   *
   * @param first modulus, x, or the digest that names an HMAC key
   * @param second y, or empty
   */
  static byte[] imported(KeySpec spec, boolean guarded, byte[] first, byte[] second) {
    return key(spec, guarded ? 0 : NO_DA, first, second);
  }

  private static byte[] key(KeySpec spec, int attributes, byte[] first, byte[] second) {
    TpmEncoding wire = new TpmEncoding();
    int common = attributes | USER_WITH_AUTH;
    return switch (spec) {
      case RSA_2048 ->
          wire.u16(RSA)
              .u16(SHA256)
              .u32(common | SIGN | DECRYPT)
              .sized(NONE)
              .u16(NULL)
              .u16(NULL)
              .u16(2048)
              .u32(0) // the default exponent, 65537
              .sized(first)
              .bytes();
      case EC_P256 ->
          wire.u16(ECC)
              .u16(SHA256)
              .u32(common | SIGN)
              .sized(NONE)
              .u16(NULL)
              .u16(ECDSA)
              .u16(SHA256)
              .u16(P256)
              .u16(NULL)
              .sized(first)
              .sized(second)
              .bytes();
      case HMAC_SHA256 ->
          wire.u16(KEYEDHASH)
              .u16(SHA256)
              .u32(common | SIGN)
              .sized(NONE)
              .u16(HMAC)
              .u16(SHA256)
              .sized(first)
              .bytes();
    };
  }
}
