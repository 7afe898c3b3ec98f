package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Keys in software, wrapped under the machine's auth value. */
@Component(service = KeyStore.class, property = KeyStore.TYPE + "=" + SoftKeyStore.SOFT)
public final class SoftKeyStore implements KeyStore {
  static final String SOFT = "soft";

  @Override
  public String type() {
    return SOFT;
  }

  @Override
  public KeyStoreInfo info() {
    return new KeyStoreInfo(
        true,
        "Keys in software, encrypted under the machine key",
        List.of("AES-256-GCM; PINs stretched with Argon2id"));
  }

  @Override
  public MachineKey create(Secret auth) {
    byte[] key = Box.random(SoftMachine.KEY_BYTES);
    try {
      return new SoftMachine(key, SoftMachineBlob.wrap(key, auth));
    } finally {
      BlobFrame.wipe(key);
    }
  }

  @Override
  public MachineKey open(Secret auth, byte[] blob) throws WrongPin, KeyRefused {
    byte[] key = SoftMachineBlob.unwrap(blob, auth);
    try {
      return new SoftMachine(key, blob.clone());
    } finally {
      BlobFrame.wipe(key);
    }
  }
}
