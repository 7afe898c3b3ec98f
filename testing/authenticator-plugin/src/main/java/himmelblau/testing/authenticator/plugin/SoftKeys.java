package himmelblau.testing.authenticator.plugin;

import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import himmelblau.testing.authenticator.Credential;
import himmelblau.testing.authenticator.HidKey;
import himmelblau.testing.authenticator.SoftKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * The keys of a test host, handled by commands in the shell: {@code softkey:make NAME PIN}, {@code
 * softkey:insert NAME} and so on.
 */
@Component(
    service = {AuthenticatorTransport.class, SoftKeys.class},
    property = {
      "osgi.command.scope=softkey",
      "osgi.command.function=make",
      "osgi.command.function=passkey",
      "osgi.command.function=insert",
      "osgi.command.function=remove",
      "osgi.command.function=touch",
      "osgi.command.function=hold",
      "osgi.command.function=tries"
    })
public final class SoftKeys implements AuthenticatorTransport {
  private static final String RELYING_PARTY = "login.microsoft.com";

  private final Map<String, SoftKey> keys = new ConcurrentHashMap<>();
  private final Map<String, HidKey> inserted = new ConcurrentHashMap<>();

  /** A new key, which is touched at once when it asks for it; {@code pin} may be {@code none}. */
  public String make(String name, String pin) throws GeneralSecurityException {
    SoftKey key = new SoftKey();
    if (!pin.equals("none")) {
      key.setPin(pin);
    }
    keys.put(name, key);
    return "made " + name;
  }

  /** Makes a passkey: its credential id, public key and user handle in base64. */
  public String passkey(String name, String user) throws GeneralSecurityException {
    Credential made = key(name).create(RELYING_PARTY, user.getBytes(StandardCharsets.UTF_8));
    Base64.Encoder encoder = Base64.getEncoder();
    return encoder.encodeToString(made.id())
        + " "
        + encoder.encodeToString(made.publicKey())
        + " "
        + encoder.encodeToString(made.userHandle());
  }

  public String insert(String name) {
    inserted.put(name, new HidKey(key(name)));
    return "inserted " + name;
  }

  public String remove(String name) {
    HidKey plug = inserted.remove(name);
    if (plug != null) {
      plug.pullOut();
    }
    return "removed " + name;
  }

  /** One touch. */
  public String touch(String name) {
    key(name).touch();
    return "touched " + name;
  }

  /** From now on it is touched only by {@link #touch}. */
  public String hold(String name) {
    key(name).touchAtOnce(false);
    return "held " + name;
  }

  public String tries(String name) {
    return Integer.toString(key(name).pinTries());
  }

  private SoftKey key(String name) {
    SoftKey key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException("there is no key " + name);
    }
    return key;
  }

  @Override
  public List<String> connected() {
    return inserted.keySet().stream().sorted().toList();
  }

  @Override
  public Link open(String name) throws IOException {
    HidKey plug = inserted.get(name);
    if (plug == null) {
      throw new IOException(name + " is not plugged in");
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
