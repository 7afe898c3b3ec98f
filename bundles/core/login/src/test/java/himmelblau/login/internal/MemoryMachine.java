package himmelblau.login.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys without cryptography: numbers in a map, each with its PIN. */
public final class MemoryMachine implements Machine {
  private final Map<Integer, Secret> pins = new HashMap<>();
  public boolean broken;

  @Override
  public String store() {
    return "memory";
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    requireWorking();
    int number = pins.size() + 1;
    pins.put(number, pin == null ? Secret.ofText("") : pin.copy());
    byte[] blob = ByteBuffer.allocate(4).putInt(number).array();
    return new WrappedKey(store(), spec, pin != null, blob);
  }

  @Override
  public Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    requireWorking();
    int number = ByteBuffer.wrap(key.blob()).getInt();
    Secret right = pins.get(number);
    if (right == null || !right.matches(pin == null ? Secret.ofText("") : pin)) {
      throw new WrongPin();
    }
    return new NumberedKey(number, key.spec());
  }

  private void requireWorking() throws KeyStoreUnavailable {
    if (broken) {
      throw new KeyStoreUnavailable("in lockout");
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Secret unseal(byte[] sealed, String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin) {
    return Optional.empty();
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin) {
    return Optional.empty();
  }

  @Override
  public KeyPlace place(WrappedKey key) {
    return KeyPlace.CURRENT;
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  private record NumberedKey(int number, KeySpec spec) implements Key {
    @Override
    public PublicKey publicKey() {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] sign(byte[] data) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Secret decrypt(byte[] ciphertext, Oaep hash) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] hmac(byte[] data) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(new byte[] {(byte) number}, "HmacSHA256"));
        return mac.doFinal(data);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public byte[] seal(Secret plain, String label) {
      byte[] head = head(label);
      byte[] body = plain.copyBytes();
      return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    }

    @Override
    public Secret unseal(byte[] sealed, String label) throws KeyRefused {
      byte[] head = head(label);
      if (!Arrays.equals(head, Arrays.copyOf(sealed, head.length))) {
        throw new KeyRefused("other key or label");
      }
      return Secret.taking(Arrays.copyOfRange(sealed, head.length, sealed.length));
    }

    private byte[] head(String label) {
      return (number + ":" + label + ":").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {}
  }
}
