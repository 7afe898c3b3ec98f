package himmelblau.api.mfa;

import java.time.Duration;
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
   * @param verification whether the authenticator has to verify the user (PIN, fingerprint)
   * @param crossDevice whether a hybrid (QR, Bluetooth) passkey would do
   * @param timeout how long the user has; the challenge is worthless after that
   */
  public record Request(
      String relyingParty,
      String origin,
      byte[] challenge,
      List<byte[]> allow,
      UserVerification verification,
      boolean crossDevice,
      Duration timeout) {
    public Request {
      allow = List.copyOf(allow);
    }
  }

  /** Web Authentication Level 2, section 5.8.6. */
  public enum UserVerification {
    /** Without it the assertion is refused: the key is the only factor. */
    REQUIRED,
    /** If the authenticator can. */
    PREFERRED,
    DISCOURAGED
  }

  /** AuthenticatorAssertionResponse; none of it is secret. */
  public record Assertion(
      byte[] credentialId,
      byte[] clientDataJson,
      byte[] authenticatorData,
      byte[] signature,
      Optional<byte[]> userHandle) {}
}
