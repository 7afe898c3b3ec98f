package himmelblau.hello.internal;

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
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys that hide nothing: numbers in a map, each with its PIN and a small key pair. */
final class MemoryMachine implements Machine {
  private final Map<Integer, Held> held = new HashMap<>();
  boolean broken;

  /** The store that new keys go to; change it, and those that there are lie in an older one. */
  String store = "memory";

  /** Whether older stores let keys out, and what the one in use does with them. */
  boolean letsOut = true;

  Import onImport = Import.TAKES;
  boolean foreign;

  /** What happens when a key is taken in. */
  enum Import {
    TAKES,
    TAKES_NONE,
    FAILS,
    CONFUSES_KEYS,
    FORGETS_THE_PIN
  }

  private record Held(String store, Secret pin, KeyPair pair) {}

  /** Runs while a key is being loaded. */
  Runnable duringLoad = () -> {};

  @Override
  public String store() {
    return store;
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    requireWorking();
    return hold(spec, pin, pair());
  }

  private WrappedKey hold(KeySpec spec, @Nullable Secret pin, KeyPair pair) {
    int number = held.size() + 1;
    held.put(number, new Held(store, pin == null ? Secret.ofText("") : pin.copy(), pair));
    byte[] blob = ByteBuffer.allocate(4).putInt(number).array();
    return new WrappedKey(store, spec, pin != null, blob);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(1024); // fast
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Held require(WrappedKey key) throws KeyRefused {
    Held found = held.get(ByteBuffer.wrap(key.blob()).getInt());
    if (found == null || !found.store().equals(key.store())) {
      throw new KeyRefused("no such key");
    }
    return found;
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
    if (pin == null || !found.pin().matches(pin)) {
      throw new WrongPin();
    }
    return new NumberedKey(ByteBuffer.wrap(key.blob()).getInt(), key.spec(), found.pair());
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
  public KeyPlace place(WrappedKey key) {
    if (foreign || !held.containsKey(ByteBuffer.wrap(key.blob()).getInt())) {
      return KeyPlace.UNREACHABLE;
    }
    boolean moves = letsOut && onImport != Import.TAKES_NONE;
    return key.store().equals(store) ? KeyPlace.CURRENT : moves ? KeyPlace.MOVABLE : KeyPlace.FIXED;
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin) throws KeyRefused {
    return letsOut
        ? Optional.of(Secret.copyOf(require(key).pair().getPrivate().getEncoded()))
        : Optional.empty();
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    return switch (onImport) {
      case TAKES -> Optional.of(hold(spec, pin, pairOf(material)));
      case TAKES_NONE -> Optional.empty();
      case FAILS -> throw new KeyStoreUnavailable("the device went away");
      case CONFUSES_KEYS -> Optional.of(hold(spec, pin, pair()));
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

  private record NumberedKey(int number, KeySpec spec, KeyPair pair) implements Key {
    @Override
    public PublicKey publicKey() {
      return pair.getPublic();
    }

    @Override
    public byte[] sign(byte[] data) {
      try {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(data);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Secret decrypt(byte[] ciphertext, Oaep hash) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] hmac(byte[] data) {
      throw new UnsupportedOperationException();
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
