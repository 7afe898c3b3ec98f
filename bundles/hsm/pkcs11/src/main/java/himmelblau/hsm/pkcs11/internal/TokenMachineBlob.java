package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.DamagedBlob;
import himmelblau.hsm.envelope.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.ProviderException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The machine key at rest: {@code version | fingerprint of the auth value | label | box(auth value,
 * token(soft auth value)) | soft machine key}. Both the auth value and the token are needed.
 */
final class TokenMachineBlob {
  private static final int VERSION = 1;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private TokenMachineBlob() {}

  static MachineKey create(Token token, KeyStore soft, Secret auth) throws KeyStoreUnavailable {
    String label = "himmelblau-" + HexFormat.of().formatHex(Box.random(8));
    byte[] inner = Box.random(32);
    byte[] wrapping = wrapping(auth);
    try (Secret softAuth = Secret.copyOf(inner)) {
      byte[] byToken =
          token.change(
              (provider, keyStore) -> {
                KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
                generator.init(256);
                SecretKey key = generator.generateKey();
                keyStore.setKeyEntry(label, key, null, null);
                byte[] nonce = Box.random(NONCE);
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
                cipher.init(
                    Cipher.ENCRYPT_MODE,
                    keyStore.getKey(label, null),
                    new GCMParameterSpec(TAG_BITS, nonce));
                return BlobFrame.of(VERSION, nonce, cipher.doFinal(inner));
              });
      MachineKey machine = soft.create(softAuth);
      byte[] blob =
          BlobFrame.of(
              VERSION,
              fingerprint(auth),
              label.getBytes(StandardCharsets.UTF_8),
              Box.close(wrapping, byToken, context(label)),
              machine.blob());
      return new Pkcs11Machine(token, machine, blob);
    } finally {
      BlobFrame.wipe(inner, wrapping);
    }
  }

  static MachineKey open(Token token, KeyStore soft, Secret auth, byte[] blob)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    byte[] wrapping = wrapping(auth);
    boolean expected = false;
    try {
      BlobFrame frame = BlobFrame.read(blob, VERSION);
      expected = MessageDigest.isEqual(frame.field(), fingerprint(auth));
      String label = new String(frame.field(), StandardCharsets.UTF_8);
      byte[] box = frame.field();
      byte[] softBlob = frame.field();
      frame.end();
      byte[] byToken = Box.open(wrapping, box, context(label));
      if (!expected) {
        throw new KeyRefused("The machine key of the token is damaged");
      }
      try (Secret softAuth = decrypt(token, label, byToken)) {
        return new Pkcs11Machine(token, soft.open(softAuth, softBlob), blob.clone());
      }
    } catch (DamagedBlob e) {
      if (expected || !wellFormed(blob)) {
        throw new KeyRefused("The machine key of the token is damaged: " + e.getMessage(), e);
      }
      throw new WrongPin();
    } finally {
      BlobFrame.wipe(wrapping);
    }
  }

  private static boolean wellFormed(byte[] blob) {
    try {
      BlobFrame frame = BlobFrame.read(blob, VERSION);
      for (int i = 0; i < 4; i++) {
        frame.field();
      }
      frame.end();
      return true;
    } catch (DamagedBlob e) {
      return false;
    }
  }

  private static Secret decrypt(Token token, String label, byte[] byToken)
      throws KeyStoreUnavailable, KeyRefused, DamagedBlob {
    BlobFrame frame = BlobFrame.read(byToken, VERSION);
    byte[] nonce = frame.field();
    byte[] sealed = frame.field();
    Key key = token.key(label);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", token.provider());
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
      return Secret.taking(cipher.doFinal(sealed));
    } catch (GeneralSecurityException | ProviderException e) {
      throw token.lost(e);
    }
  }

  private static byte[] context(String label) {
    return BlobFrame.context("himmelblau.pkcs11.machine", VERSION, label);
  }

  private static byte[] wrapping(Secret auth) {
    return auth.use(bytes -> Hkdf.derive(bytes, "pkcs11 machine key", 32));
  }

  private static byte[] fingerprint(Secret auth) {
    return auth.use(bytes -> Hkdf.derive(bytes, "pkcs11 machine auth fingerprint", 16));
  }
}
