package himmelblau.api.mfa;

import java.time.Duration;
import java.util.Optional;

/**
 * What a begun challenge needs from the user.
 *
 * @param number the number to match, as the directory wrote it (leading zeros count)
 * @param text text from the directory, such as that for a device code
 * @param target masked phone number or address the code went to
 * @param webAuthn the request for a security key or passkey
 * @param device URL and code for another browser
 * @param interval between two polls
 * @param deadline time until the challenge expires
 */
public record Prompt(
    Optional<String> number,
    Optional<String> text,
    Optional<String> target,
    Optional<WebAuthn.Request> webAuthn,
    Optional<DeviceCode> device,
    Duration interval,
    Duration deadline) {

  /** RFC 8628 section 3.2. */
  public record DeviceCode(String verificationUri, String userCode) {}

  /** A challenge that is only polled or answered, with nothing to show but the method's text. */
  public static Prompt waiting(Duration interval, Duration deadline) {
    return new Prompt(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        interval,
        deadline);
  }

  public Prompt withNumber(String shown) {
    return new Prompt(Optional.of(shown), text, target, webAuthn, device, interval, deadline);
  }

  public Prompt withText(String shown) {
    return new Prompt(number, Optional.of(shown), target, webAuthn, device, interval, deadline);
  }

  public Prompt withTarget(String shown) {
    return new Prompt(number, text, Optional.of(shown), webAuthn, device, interval, deadline);
  }

  public Prompt withWebAuthn(WebAuthn.Request request) {
    return new Prompt(number, text, target, Optional.of(request), device, interval, deadline);
  }

  public Prompt withDevice(DeviceCode code) {
    return new Prompt(number, text, target, webAuthn, Optional.of(code), interval, deadline);
  }
}
