package himmelblau.hsm.tpm.internal;

import org.jspecify.annotations.Nullable;

/**
 * The storage root in the owner hierarchy: derived by the TPM from its own seed and a standard
 * template, identical each time until the TPM is cleared, and never persistent. Its saved context
 * avoids a repeated derivation. Used by one thread.
 */
final class StorageRoot {
  private byte @Nullable [] context;
  private byte @Nullable [] name;

  /** Loads it; the caller flushes. */
  int load(TpmConnection connection) throws TpmError {
    byte[] saved = context;
    if (saved != null) {
      try {
        return connection.restore(saved);
      } catch (TpmError e) {
        if (!e.malformed()) {
          throw e;
        }
        forget(); // the TPM restarted
      }
    }
    int handle = connection.createPrimary(Template.storageRoot());
    boolean good = false;
    try {
      name = connection.name(handle);
      context = connection.save(handle);
      good = true;
      return handle;
    } finally {
      if (!good) {
        connection.flush(handle);
      }
    }
  }

  byte[] name(TpmConnection connection) throws TpmError {
    byte[] known = name;
    if (known == null) {
      connection.flush(load(connection));
      known = name;
    }
    return known == null ? new byte[0] : known.clone();
  }

  void forget() {
    context = null;
    name = null;
  }
}
