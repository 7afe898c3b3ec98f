package himmelblau.api.mfa;

import java.util.List;
import java.util.Optional;

/** What W3C Web Authentication Level 2 needs from a client, transport aside. */
public final class WebAuthn {
  private WebAuthn() {}

  /**
   * @param relyingParty rpId
   * @param origin of clientDataJSON
   * @param challenge the raw challenge bytes
   * @param allow credential ids; empty = discoverable credentials
   * @param crossDevice whether a hybrid (QR, Bluetooth) passkey would do
   */
  public record Request(
      String relyingParty,
      String origin,
      byte[] challenge,
      List<byte[]> allow,
      boolean crossDevice) {
    public Request {
      allow = List.copyOf(allow);
    }
  }

  /** AuthenticatorAssertionResponse; none of it is secret. */
  public record Assertion(
      byte[] credentialId,
      byte[] clientDataJson,
      byte[] authenticatorData,
      byte[] signature,
      Optional<byte[]> userHandle) {}
}
