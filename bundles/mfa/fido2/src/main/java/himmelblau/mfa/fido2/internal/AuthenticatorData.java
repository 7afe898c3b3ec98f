package himmelblau.mfa.fido2.internal;

import java.util.Arrays;

/** Authenticator data as libfido2 gives it: a byte string of CBOR (fido_assert_authdata_ptr(3)). */
final class AuthenticatorData {
  /** Hash of the relying party, flags, counter (Web Authentication Level 2, 6.1). */
  private static final int SHORTEST = 37;

  private AuthenticatorData() {}

  /** The bytes inside. */
  static byte[] unwrap(byte[] cbor) throws KeyFailure {
    int header;
    int length;
    int first = cbor.length > 2 ? cbor[0] & 0xff : 0;
    if (first == 0x58) {
      header = 2;
      length = cbor[1] & 0xff;
    } else if (first == 0x59) {
      header = 3;
      length = ((cbor[1] & 0xff) << 8) | (cbor[2] & 0xff);
    } else {
      throw KeyFailure.malformed("authenticator data are no byte string");
    }
    if (length < SHORTEST || cbor.length != header + length) {
      throw KeyFailure.malformed("authenticator data have the wrong length");
    }
    return Arrays.copyOfRange(cbor, header, cbor.length);
  }
}
