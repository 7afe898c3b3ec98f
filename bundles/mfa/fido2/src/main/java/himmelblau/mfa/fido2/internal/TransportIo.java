package himmelblau.mfa.fido2.internal;

import com.sun.jna.Pointer;
import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The functions by which libfido2 reads and writes reports (fido_dev_set_io_functions(3)), for an
 * authenticator of a transport. To be kept until the device is closed: libfido2 calls it.
 */
final class TransportIo {
  private static final int FAILED = -1;

  private final AuthenticatorTransport transport;
  private volatile AuthenticatorTransport.@Nullable Link link;
  private final LibFido2.Io functions =
      new LibFido2.Io(this::open, this::close, this::read, this::write);

  TransportIo(AuthenticatorTransport transport) {
    this.transport = transport;
  }

  LibFido2.Io functions() {
    return functions;
  }

  private @Nullable Pointer open(String name) {
    try {
      link = transport.open(name);
      return Pointer.createConstant(1); // libfido2 only compares it with NULL
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private void close(Pointer handle) {
    AuthenticatorTransport.Link open = link;
    link = null;
    if (open != null) {
      open.close();
    }
  }

  private int read(Pointer handle, Pointer buffer, long length, int milliseconds) {
    AuthenticatorTransport.Link open = link;
    if (open == null || length != AuthenticatorTransport.Link.REPORT_BYTES) {
      return FAILED;
    }
    try {
      byte[] report = open.read(milliseconds);
      if (report == null || report.length != length) {
        return FAILED;
      }
      buffer.write(0, report, 0, report.length);
      return report.length;
    } catch (IOException | RuntimeException e) {
      return FAILED;
    }
  }

  /** The number of the report, which is always 0, stands before it. */
  private int write(Pointer handle, Pointer buffer, long length) {
    AuthenticatorTransport.Link open = link;
    if (open == null || length != AuthenticatorTransport.Link.REPORT_BYTES + 1) {
      return FAILED;
    }
    byte[] bytes = buffer.getByteArray(0, (int) length);
    try {
      open.write(Arrays.copyOfRange(bytes, 1, bytes.length));
      return bytes.length;
    } catch (IOException | RuntimeException e) {
      return FAILED;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
