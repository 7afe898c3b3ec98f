package himmelblau.testing.doubles;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys that hide nothing: numbers in a map, each with its PIN and key pair. Can be made to fail.
 */
public final class MemoryMachine implements Machine {
  private final Map<Integer, Held> held = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  public volatile boolean broken;

  /** The store that new keys go to; after a change, the keys made before lie in an older one. */
  public volatile String store = "memory";

  /** Whether older stores let keys out. */
  public volatile boolean letsOut = true;

  public volatile Import onImport = Import.TAKES;

  /** Whether all keys were made by another machine. */
  public volatile boolean foreign;

  /** Runs while a key is being loaded. */
  public volatile Runnable duringLoad = () -> {};

  /** What happens when a key is taken in. */
  public enum Import {
    TAKES,
    TAKES_NONE,
    FAILS,
    CONFUSES_KEYS,
    FORGETS_THE_PIN
  }

  private record Held(String store, Secret pin, Supplier<KeyPair> pair) {}

  @Override
  public String store() {
    return store;
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    requireWorking();
    return hold(spec, pin, null);
  }

  /** A new key pair if {@code pair} is null. It is not made before something needs it. */
  private WrappedKey hold(KeySpec spec, @Nullable Secret pin, @Nullable KeyPair pair) {
    int number = last.incrementAndGet();
    Supplier<KeyPair> later = pair == null ? () -> MemoryKey.madePair(number) : () -> pair;
    held.put(number, new Held(store, copy(pin), later));
    byte[] blob = ByteBuffer.allocate(4).putInt(number).array();
    return new WrappedKey(store, spec, pin != null, blob);
  }

  private static Secret copy(@Nullable Secret pin) {
    return pin == null ? Secret.ofText("") : pin.copy();
  }

  private Held require(WrappedKey key) throws KeyRefused {
    Held found = held.get(number(key));
    if (found == null || !found.store().equals(key.store())) {
      throw new KeyRefused("no such key");
    }
    return found;
  }

  private static int number(WrappedKey key) {
    return ByteBuffer.wrap(key.blob()).getInt();
  }

  @Override
  public Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    requireWorking();
    duringLoad.run();
    if (foreign) {
      throw new KeyRefused("made elsewhere");
    }
    Held found = require(key);
    try (Secret given = copy(pin)) {
      if (!found.pin().matches(given)) {
        throw new WrongPin();
      }
    }
    return new MemoryKey(number(key), key.spec(), found.pair());
  }

  private void requireWorking() throws KeyStoreUnavailable {
    if (broken) {
      throw new KeyStoreUnavailable("in lockout");
    }
  }

  /** The label and the value, one bit of each byte turned. */
  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    requireWorking();
    byte[] name = label.getBytes(StandardCharsets.UTF_8);
    ByteBuffer sealed = ByteBuffer.allocate(4 + name.length + plain.length());
    sealed.putInt(name.length).put(name).put(turned(plain.copyBytes()));
    return sealed.array();
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    requireWorking();
    ByteBuffer left = ByteBuffer.wrap(sealed);
    int length = sealed.length < 4 ? -1 : left.getInt();
    byte[] name = new byte[Math.max(0, Math.min(length, left.remaining()))];
    left.get(name);
    if (foreign || !Arrays.equals(name, label.getBytes(StandardCharsets.UTF_8))) {
      throw new KeyRefused("sealed elsewhere, or under another label");
    }
    byte[] value = new byte[left.remaining()];
    left.get(value);
    return Secret.taking(turned(value));
  }

  private static byte[] turned(byte[] value) {
    for (int i = 0; i < value.length; i++) {
      value[i] ^= 1;
    }
    return value;
  }

  @Override
  public KeyPlace place(WrappedKey key) {
    if (foreign || !held.containsKey(number(key))) {
      return KeyPlace.UNREACHABLE;
    }
    boolean moves = letsOut && onImport != Import.TAKES_NONE;
    return key.store().equals(store) ? KeyPlace.CURRENT : moves ? KeyPlace.MOVABLE : KeyPlace.FIXED;
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin) throws KeyRefused {
    return letsOut
        ? Optional.of(Secret.copyOf(require(key).pair().get().getPrivate().getEncoded()))
        : Optional.empty();
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    return switch (onImport) {
      case TAKES -> Optional.of(hold(spec, pin, pairOf(material)));
      case TAKES_NONE -> Optional.empty();
      case FAILS -> throw new KeyStoreUnavailable("the device went away");
      case CONFUSES_KEYS -> Optional.of(hold(spec, pin, null));
      case FORGETS_THE_PIN -> Optional.of(hold(spec, Secret.ofText("lost"), pairOf(material)));
    };
  }

  private static KeyPair pairOf(Secret material) {
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      var key =
          (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(material.copyBytes()));
      return new KeyPair(
          factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())),
          key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return false;
  }
}
