package himmelblau.mfa.fido2.transport;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Authenticators that are not USB devices of this host, as a service. The product has none: it is
 * for tests, which put a security key in software behind libfido2. Only a plug-in that root has
 * installed can register one, and such a plug-in can do everything that the daemon can.
 * Thread-safe.
 */
@ConsumerType
public interface AuthenticatorTransport {
  /** The authenticators that are connected now, each under a name that is its own. */
  List<String> connected();

  /**
   * Opens a connection. The caller closes it.
   *
   * @param name of {@link #connected}
   * @throws IOException it is not connected any more
   */
  Link open(String name) throws IOException;

  /** Reports of CTAPHID (CTAP 2.0, section 8.1). Written and read by one thread each. */
  interface Link extends AutoCloseable {
    int REPORT_BYTES = 64;

    /**
     * The next report of the authenticator.
     *
     * @param milliseconds how long to wait; negative: until there is one
     * @return {@value #REPORT_BYTES} bytes; null: none in this time
     * @throws IOException the authenticator was disconnected
     */
    byte @Nullable [] read(int milliseconds) throws IOException;

    /**
     * @param report {@value #REPORT_BYTES} bytes
     * @throws IOException the authenticator was disconnected
     */
    void write(byte[] report) throws IOException;

    @Override
    void close();
  }
}
