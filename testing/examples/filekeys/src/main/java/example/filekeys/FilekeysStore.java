package example.filekeys;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Keys in software. The machine key at rest is {@code fingerprint of the auth value | box}: the
 * fingerprint tells a wrong auth value from a blob that was changed.
 */
@Component(service = KeyStore.class, property = KeyStore.TYPE + "=" + FilekeysStore.TYPE_NAME)
public final class FilekeysStore implements KeyStore {
  static final String TYPE_NAME = "filekeys";
  private static final int FINGERPRINT = 16;

  @Override
  public String type() {
    return TYPE_NAME;
  }

  @Override
  public KeyStoreInfo info() {
    return new KeyStoreInfo(true, "Keys in software (example)", List.of("AES-256-GCM"));
  }

  @Override
  public MachineKey create(Secret auth) {
    byte[] master = Box.random(32);
    byte[] wrapping = derived(auth, "machine key");
    byte[] box = Box.close(wrapping, master, "machine");
    byte[] blob = Arrays.copyOf(fingerprint(auth), FINGERPRINT + box.length);
    System.arraycopy(box, 0, blob, FINGERPRINT, box.length);
    Box.wipe(wrapping);
    return new FilekeysMachine(master, blob);
  }

  @Override
  public MachineKey open(Secret auth, byte[] blob) throws WrongPin, KeyRefused {
    if (blob.length < FINGERPRINT) {
      throw new KeyRefused("The machine key is damaged");
    }
    boolean expected =
        MessageDigest.isEqual(fingerprint(auth), Arrays.copyOf(blob, FINGERPRINT));
    byte[] wrapping = derived(auth, "machine key");
    byte[] master;
    try {
      master = Box.open(wrapping, Arrays.copyOfRange(blob, FINGERPRINT, blob.length), "machine");
    } catch (Box.Damaged e) {
      if (expected) {
        throw new KeyRefused("The machine key is damaged", e);
      }
      throw new WrongPin();
    } finally {
      Box.wipe(wrapping);
    }
    if (!expected) {
      Box.wipe(master);
      throw new KeyRefused("The machine key is damaged");
    }
    return new FilekeysMachine(master, blob.clone());
  }

  private static byte[] fingerprint(Secret auth) {
    return Arrays.copyOf(derived(auth, "fingerprint"), FINGERPRINT);
  }

  private static byte[] derived(Secret auth, String purpose) {
    return auth.use(bytes -> Box.derive(bytes, purpose));
  }
}
