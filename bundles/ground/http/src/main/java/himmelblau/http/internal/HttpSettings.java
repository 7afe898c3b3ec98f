package himmelblau.http.internal;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;

/**
 * The configuration of the administrator.
 *
 * @param total {@code request_timeout}: from the call to the last byte of the reply
 * @param family {@code ip_version}
 */
record HttpSettings(Duration total, Family family) {
  private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(3);

  /** Time to connect, all addresses together. */
  Duration connect() {
    Duration half = total.dividedBy(2);
    return half.compareTo(CONNECT_AT_MOST) < 0 ? half : CONNECT_AT_MOST;
  }

  /**
   * Time for the first answer over a connection that has rested. What may be sent twice is sent
   * over a new one then, within the same {@link #total}.
   */
  Duration firstAnswer() {
    return connect().dividedBy(2);
  }

  static HttpSettings of(long seconds, String ipVersion) {
    return new HttpSettings(Duration.ofSeconds(Math.max(1, seconds)), Family.of(ipVersion));
  }

  /** Which addresses may be used. */
  enum Family {
    BOTH,
    IPV4,
    IPV6;

    static Family of(String option) {
      return switch (option) {
        case "ipv4-only" -> IPV4;
        case "ipv6-only" -> IPV6;
        default -> BOTH;
      };
    }

    boolean admits(InetAddress address) {
      return switch (this) {
        case BOTH -> true;
        case IPV4 -> address instanceof Inet4Address;
        case IPV6 -> address instanceof Inet6Address;
      };
    }
  }
}
