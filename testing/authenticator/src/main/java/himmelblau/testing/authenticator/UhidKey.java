package himmelblau.testing.authenticator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A security key in software as a device of the kernel, for a machine with /dev/uhid. Its argument
 * is its PIN. Obeys lines of standard input and answers each with one line: {@code passkey
 * RELYING-PARTY USER} (makes a passkey; credential id, public key and user handle in base64),
 * {@code insert}, {@code remove}, {@code hold} (waits for touches from now on), {@code touch},
 * {@code tries}, {@code other} (inserts a device that is no security key). The end of the input
 * ends it.
 */
public final class UhidKey {
  private static final Path DEVICE = Path.of("/dev/uhid");

  private final SoftKey key = new SoftKey();
  private @Nullable Uhid device;
  private @Nullable HidKey plug;
  private @Nullable Uhid other;

  private UhidKey() throws GeneralSecurityException {}

  public static void main(String[] arguments) throws GeneralSecurityException, IOException {
    if (arguments.length != 1) {
      System.err.println("usage: UhidKey PIN");
      System.exit(2);
    }
    UhidKey made = new UhidKey();
    made.key.setPin(arguments[0]);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(made.obey(line.strip()));
    }
    made.remove();
    if (made.other != null) {
      made.other.close();
    }
  }

  private String passkey(String relyingParty, String user) throws GeneralSecurityException {
    Credential passkey = key.create(relyingParty, user.getBytes(StandardCharsets.UTF_8));
    Base64.Encoder base64 = Base64.getEncoder();
    return base64.encodeToString(passkey.id())
        + " "
        + base64.encodeToString(passkey.publicKey())
        + " "
        + base64.encodeToString(passkey.userHandle());
  }

  private String obey(String line) throws GeneralSecurityException, IOException {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "insert" -> insert();
      case "remove" -> remove();
      case "other" -> other = new Uhid(DEVICE, "no security key", Uhid.VENDOR);
      case "hold" -> key.touchAtOnce(false);
      case "touch" -> key.touch();
      case "passkey" -> {
        return passkey(words[1], words[2]);
      }
      case "tries" -> {
        return Integer.toString(key.pinTries());
      }
      default -> {
        return "unknown: " + line;
      }
    }
    return line;
  }

  private void insert() throws IOException {
    remove();
    Uhid made = new Uhid(DEVICE, "security key in software", Uhid.FIDO);
    HidKey inserted = new HidKey(key);
    device = made;
    plug = inserted;
    Thread.ofPlatform().daemon().start(() -> fromPrograms(made, inserted));
    Thread.ofPlatform().daemon().start(() -> toPrograms(made, inserted));
  }

  private void remove() throws IOException {
    if (device != null && plug != null) {
      plug.pullOut();
      device.close();
    }
    device = null;
    plug = null;
  }

  private static void fromPrograms(Uhid device, HidKey plug) {
    try {
      for (byte[] report = device.read(); report != null; report = device.read()) {
        plug.write(report);
      }
    } catch (IOException e) {
      // pulled out
    }
  }

  private static void toPrograms(Uhid device, HidKey plug) {
    try {
      while (true) {
        byte[] report = plug.read(-1);
        if (report != null) {
          device.write(report);
        }
      }
    } catch (IOException e) {
      // pulled out
    }
  }
}
