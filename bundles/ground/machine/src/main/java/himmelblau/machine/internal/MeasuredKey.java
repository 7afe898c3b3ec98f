package himmelblau.machine.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import java.security.PublicKey;

/** A loaded key whose operations are timed. */
record MeasuredKey(Key key, KeyStoreTimes times) implements Key {
  @Override
  public KeySpec spec() {
    return key.spec();
  }

  @Override
  public PublicKey publicKey() {
    return key.publicKey();
  }

  @Override
  public byte[] sign(byte[] data) throws KeyStoreUnavailable {
    KeyStoreTimes.Timing timing = times.begin("sign");
    try {
      return timing.ended(key.sign(data));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public Secret decrypt(byte[] ciphertext, Oaep hash) throws KeyStoreUnavailable, KeyRefused {
    KeyStoreTimes.Timing timing = times.begin("decrypt");
    try {
      return timing.ended(key.decrypt(ciphertext, hash));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public byte[] hmac(byte[] data) throws KeyStoreUnavailable {
    KeyStoreTimes.Timing timing = times.begin("hmac");
    try {
      return timing.ended(key.hmac(data));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    KeyStoreTimes.Timing timing = times.begin("key_seal");
    try {
      return timing.ended(key.seal(plain, label));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    KeyStoreTimes.Timing timing = times.begin("key_unseal");
    try {
      return timing.ended(key.unseal(sealed, label));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
