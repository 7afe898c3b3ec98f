package himmelblau.domain.oidc.internal.issuer;

import java.time.Duration;

/**
 * An answer of the device authorization endpoint (RFC 8628 section 3.2), safe to show.
 *
 * @param address where the user enters the code; with the code in it if the issuer has such one
 * @param interval between two polls
 * @param life of both codes
 */
public record DeviceAuthorization(
    String deviceCode, String userCode, String address, Duration interval, Duration life) {
  @Override
  public String toString() {
    return "DeviceAuthorization[" + address + "]"; // the codes are as good as a password
  }
}
