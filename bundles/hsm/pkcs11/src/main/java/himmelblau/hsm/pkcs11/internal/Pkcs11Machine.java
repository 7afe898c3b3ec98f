package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.DamagedBlob;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys in the token where it supports them, otherwise soft keys that the token protects. */
final class Pkcs11Machine implements MachineKey {
  private static final byte[] SOFT = {1, 's'};
  private static final byte[] IN_TOKEN = {1, 't'};

  private final Token token;
  private final MachineKey soft;
  private final byte[] blob;

  /** Takes over {@code soft}. */
  Pkcs11Machine(Token token, MachineKey soft, byte[] blob) {
    this.token = token;
    this.soft = soft;
    this.blob = blob;
  }

  @Override
  public String store() {
    return Pkcs11KeyStore.PKCS11;
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    if (pin != null || spec == KeySpec.HMAC_SHA256) {
      token.provider(); // no token, no keys
      return fromSoft(soft.create(spec, pin));
    }
    byte[] sealKey = Box.random(32);
    try (Secret none = Secret.copyOf(new byte[0])) {
      soft.seal(none, ""); // throws when this machine was closed
      TokenKeys.Made made = TokenKeys.make(token, spec);
      try (Secret content =
          Secret.taking(BlobFrame.of(1, made.label(), made.publicKey(), sealKey))) {
        return new WrappedKey(
            Pkcs11KeyStore.PKCS11, spec, false, join(IN_TOKEN, soft.seal(content, label(spec))));
      }
    } finally {
      BlobFrame.wipe(sealKey);
    }
  }

  private static String label(KeySpec spec) {
    return "pkcs11 key " + spec;
  }

  @Override
  public Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    if (!inToken(key)) {
      token.provider();
      return soft.load(toSoft(key), pin);
    }
    if (key.pinProtected()) {
      throw new KeyRefused("The key was changed: keys in the token have no PIN");
    }
    try (Secret content = soft.unseal(rest(key), label(key.spec()))) {
      if (pin != null) {
        throw new WrongPin();
      }
      byte[] bytes = content.copyBytes();
      try {
        BlobFrame frame = BlobFrame.read(bytes, 1);
        String label = new String(frame.field(), StandardCharsets.UTF_8);
        PublicKey publicKey =
            KeyFactory.getInstance(key.spec() == KeySpec.RSA_2048 ? "RSA" : "EC")
                .generatePublic(new X509EncodedKeySpec(frame.field()));
        byte[] sealKey = frame.field();
        frame.end();
        PrivateKey privateKey = (PrivateKey) token.key(label);
        return new TokenKey(token, key.spec(), publicKey, privateKey, sealKey);
      } finally {
        BlobFrame.wipe(bytes);
      }
    } catch (DamagedBlob | GeneralSecurityException e) {
      throw new KeyRefused("The key is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    return soft.seal(plain, label);
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    return soft.unseal(sealed, label);
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin) {
    return Optional.empty();
  }

  /** Private material never leaves it. */
  @Override
  public boolean exports(KeySpec spec, boolean pinProtected) {
    return false;
  }

  /** Its auth value is in the token: it is replaced together with the machine key. */
  @Override
  public Optional<byte[]> rewrap(Secret auth) {
    return Optional.empty();
  }

  /** Keys that are software keys here; the token takes none. */
  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return pinProtected || spec == KeySpec.HMAC_SHA256;
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    if (!imports(spec, pin != null)) {
      return Optional.empty();
    }
    token.provider(); // no key is created while the token is not available
    return soft.importKey(spec, material, pin).map(Pkcs11Machine::fromSoft);
  }

  private static WrappedKey fromSoft(WrappedKey key) {
    return new WrappedKey(
        Pkcs11KeyStore.PKCS11, key.spec(), key.pinProtected(), join(SOFT, key.blob()));
  }

  private static WrappedKey toSoft(WrappedKey key) throws KeyRefused {
    return new WrappedKey("soft", key.spec(), key.pinProtected(), rest(key));
  }

  private static boolean inToken(WrappedKey key) throws KeyRefused {
    if (!key.store().equals(Pkcs11KeyStore.PKCS11)) {
      throw new KeyRefused("This key was made by the key store \"" + key.store() + "\"");
    }
    byte[] bytes = key.blob();
    if (bytes.length < 2 || bytes[0] != 1 || (bytes[1] != 's' && bytes[1] != 't')) {
      throw new KeyRefused("The key is damaged, or of a newer release");
    }
    return bytes[1] == 't';
  }

  private static byte[] rest(WrappedKey key) {
    return Arrays.copyOfRange(key.blob(), 2, key.blob().length);
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  @Override
  public void close() {
    soft.close();
  }
}
