package example.filekeys;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * An opened machine key. A key at rest is {@code salt | box}; the box is under the machine key and,
 * for a key with a PIN, holds a second box under the PIN. So damage and a wrong PIN are told apart.
 */
final class FilekeysMachine implements MachineKey {
  private static final int SALT = 16;
  private static final int ROUNDS = 100_000;

  private final byte[] master;
  private final byte[] blob;
  private volatile boolean closed;

  /** Takes over both. */
  FilekeysMachine(byte[] master, byte[] blob) {
    this.master = master;
    this.blob = blob;
  }

  @Override
  public String store() {
    return FilekeysStore.TYPE_NAME;
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  @Override
  public WrappedKey create(KeySpec spec, Secret pin) {
    byte[] wrapping = purpose("keys");
    byte[] salt = Box.random(SALT);
    try (Material material = Material.generate(spec)) {
      byte[] inner = material.encoded();
      if (pin != null) {
        if (pin.isEmpty() || pin.length() > 64) {
          throw new IllegalArgumentException("A PIN has 1 to 64 bytes");
        }
        byte[] clear = inner;
        inner = Box.close(stretched(pin, salt), clear, "pin");
        Box.wipe(clear);
      }
      byte[] box = Box.close(wrapping, inner, context(spec, pin != null, salt));
      byte[] all = Arrays.copyOf(salt, SALT + box.length);
      System.arraycopy(box, 0, all, SALT, box.length);
      return new WrappedKey(FilekeysStore.TYPE_NAME, spec, pin != null, all);
    } finally {
      Box.wipe(wrapping);
    }
  }

  @Override
  public Key load(WrappedKey key, Secret pin) throws WrongPin, KeyRefused {
    byte[] wrapping = purpose("keys");
    if (!key.store().equals(FilekeysStore.TYPE_NAME) || key.blob().length < SALT) {
      throw new KeyRefused("This key was made by another key store, or was changed");
    }
    byte[] salt = Arrays.copyOf(key.blob(), SALT);
    byte[] inner;
    try {
      inner =
          Box.open(
              wrapping,
              Arrays.copyOfRange(key.blob(), SALT, key.blob().length),
              context(key.spec(), key.pinProtected(), salt));
    } catch (Box.Damaged e) {
      throw new KeyRefused("This key was made by another machine, or was changed", e);
    } finally {
      Box.wipe(wrapping);
    }
    if (key.pinProtected() != (pin != null)) {
      throw new WrongPin();
    }
    if (pin != null) {
      try {
        inner = Box.open(stretched(pin, salt), inner, "pin");
      } catch (Box.Damaged e) {
        throw new WrongPin(); // the outer box held, so the bytes are good and the PIN is not
      }
    }
    try (Material material = Material.decoded(inner)) {
      return new FilekeysKey(key.spec(), material);
    } catch (Box.Damaged e) {
      throw new KeyRefused("This key is damaged", e);
    } finally {
      Box.wipe(inner);
    }
  }

  private byte[] stretched(Secret pin, byte[] salt) {
    byte[] bytes = pin.copyBytes();
    char[] digits = HexFormat.of().formatHex(bytes).toCharArray();
    byte[] pepper = purpose("PINs");
    try {
      PBEKeySpec spec = new PBEKeySpec(digits, salt, ROUNDS, 256);
      byte[] slow =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      spec.clearPassword();
      return Box.hmac(pepper, slow);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no PBKDF2", e);
    } finally {
      Arrays.fill(digits, '0');
      Box.wipe(bytes, pepper);
    }
  }

  private static String context(KeySpec spec, boolean pin, byte[] salt) {
    return "key " + spec + " " + pin + " " + HexFormat.of().formatHex(salt);
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    byte[] key = purpose("seal");
    return plain.use(bytes -> Box.close(key, bytes, label));
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyRefused {
    try {
      return Secret.taking(Box.open(purpose("seal"), sealed, label));
    } catch (Box.Damaged e) {
      throw new KeyRefused("Sealed by another key or under another label, or changed", e);
    }
  }

  @Override
  public boolean exports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  @Override
  public Optional<byte[]> rewrap(Secret auth) {
    return Optional.empty();
  }

  @Override
  public Optional<Secret> export(WrappedKey key, Secret pin) {
    return Optional.empty();
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, Secret pin) {
    return Optional.empty();
  }

  private synchronized byte[] purpose(String purpose) {
    if (closed) {
      throw new IllegalStateException("This machine key was closed");
    }
    return Box.derive(master, purpose);
  }

  @Override
  public synchronized void close() {
    closed = true;
    Box.wipe(master);
  }
}
