package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Seal;
import himmelblau.hsm.tpm.internal.ObjectCommands.Created;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A key whose private half only the TPM knows. Loaded for each use, and flushed afterwards. */
final class TpmKey implements Key {
  private static final int RSA_BYTES = 256;

  private final StorageKey machineKey;
  private final KeySpec spec;
  private final Created object;
  private final byte[] auth;
  private final Seal seal;
  private final @Nullable PublicKey publicKey;
  private final AtomicBoolean closed = new AtomicBoolean();
  private byte @Nullable [] context; // used on the device's thread only

  /** Takes over {@code auth} and {@code sealKey}. */
  TpmKey(StorageKey machineKey, KeySpec spec, Created object, byte[] auth, byte[] sealKey)
      throws KeyRefused {
    this.machineKey = machineKey;
    this.spec = spec;
    this.object = object;
    this.auth = auth;
    this.seal = new Seal(sealKey, "tpm key");
    this.publicKey =
        spec == KeySpec.HMAC_SHA256 ? null : PublicArea.publicKey(spec, object.publicArea());
    machineKey.retain();
  }

  @Override
  public KeySpec spec() {
    return spec;
  }

  @Override
  public PublicKey publicKey() {
    if (publicKey == null) {
      throw new UnsupportedOperationException("An HMAC key has no public half");
    }
    return publicKey;
  }

  @Override
  public byte[] sign(byte[] data) throws KeyStoreUnavailable {
    if (spec == KeySpec.HMAC_SHA256) {
      throw new UnsupportedOperationException("An HMAC key cannot sign");
    }
    requireOpen();
    byte[] digest = sha256(data);
    int scheme = spec == KeySpec.RSA_2048 ? Template.RSASSA : Template.ECDSA;
    byte[] signature =
        machineKey.device().make(scope -> scope.objects().sign(load(scope), digest, scheme));
    return PublicArea.signature(spec, signature);
  }

  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyStoreUnavailable, KeyRefused {
    if (spec != KeySpec.RSA_2048) {
      throw new UnsupportedOperationException("Only RSA keys decrypt");
    }
    requireOpen();
    if (ciphertext.length != RSA_BYTES) {
      throw new KeyRefused("The ciphertext was not made for this key: it has the wrong length");
    }
    int algorithm = hash == Oaep.SHA1 ? Template.SHA1 : Template.SHA256;
    try {
      return machineKey
          .device()
          .run(
              scope -> {
                int handle = load(scope);
                try {
                  return Secret.taking(scope.objects().rsaDecrypt(handle, ciphertext, algorithm));
                } catch (TpmError e) {
                  if (e.is(TpmError.FAILURE)) {
                    scope.connection().save(handle); // throws if the TPM itself has failed
                  }
                  if (e.malformed() || e.is(TpmError.FAILURE)) {
                    throw new KeyRefused(
                        "The ciphertext was not made for this key, or was changed", e);
                  }
                  throw e;
                }
              });
    } catch (WrongPin e) {
      throw new KeyStoreUnavailable("The TPM refused the authorisation", e);
    }
  }

  @Override
  public byte[] hmac(byte[] data) throws KeyStoreUnavailable {
    if (spec != KeySpec.HMAC_SHA256) {
      throw new UnsupportedOperationException("Only HMAC keys compute HMACs");
    }
    requireOpen();
    return machineKey.device().make(scope -> scope.objects().hmac(load(scope), data));
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    requireOpen();
    return seal.seal(plain, label);
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyRefused {
    requireOpen();
    return seal.open(sealed, label);
  }

  private int load(TpmScope scope) throws TpmError, KeyRefused {
    ObjectCommands objects = scope.objects();
    int handle = scope.keep(fromContext(scope, objects));
    if (auth.length > 0) {
      byte[] own = ownAuth();
      try {
        scope.connection().authorise(handle, own);
      } finally {
        BlobFrame.wipe(own);
      }
    }
    return handle;
  }

  /** A copy that closing does not wipe: zeroes would count as a wrong PIN. */
  private synchronized byte[] ownAuth() {
    requireOpen();
    return auth.clone();
  }

  private int fromContext(TpmScope scope, ObjectCommands objects) throws TpmError, KeyRefused {
    byte[] saved = context;
    if (saved != null) {
      try {
        return scope.connection().restore(saved);
      } catch (TpmError e) {
        if (!e.malformed()) {
          throw e;
        }
        context = null; // the TPM restarted
      }
    }
    int parent = machineKey.load(scope);
    int handle = objects.load(parent, object);
    scope.release(parent);
    context = scope.connection().save(handle);
    return handle;
  }

  private static byte[] sha256(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime has no SHA-256", e);
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("This key was closed");
    }
  }

  @Override
  public synchronized void close() {
    if (closed.compareAndSet(false, true)) {
      BlobFrame.wipe(auth);
      seal.close();
      machineKey.release();
    }
  }
}
