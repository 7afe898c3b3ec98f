package himmelblau.mfa.fido2.internal;

import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import himmelblau.testing.authenticator.HidKey;
import himmelblau.testing.authenticator.SoftKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The USB sockets of a test. */
final class SoftTransport implements AuthenticatorTransport {
  private final Map<String, HidKey> inserted = new ConcurrentHashMap<>();

  void insert(String name, SoftKey key) {
    inserted.put(name, new HidKey(key));
  }

  void remove(String name) {
    HidKey plug = inserted.remove(name);
    if (plug != null) {
      plug.pullOut();
    }
  }

  @Override
  public List<String> connected() {
    return inserted.keySet().stream().sorted().toList();
  }

  @Override
  public Link open(String name) throws IOException {
    HidKey plug = inserted.get(name);
    if (plug == null) {
      throw new IOException("not there");
    }
    return new Link() {
      @Override
      public byte @Nullable [] read(int milliseconds) throws IOException {
        return plug.read(milliseconds);
      }

      @Override
      public void write(byte[] report) throws IOException {
        plug.write(report);
      }

      @Override
      public void close() {
        // the plug stays
      }
    };
  }
}
