package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.tpm.internal.ObjectCommands.Created;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The machine's storage key in the TPM. Lives until its machine and all keys loaded through it are
 * closed, then wipes its auth value. Its state is used on the device's thread only.
 */
final class StorageKey {
  private final TpmDevice device;
  private final Created object;
  private final byte[] rootName;
  private final byte[] auth;
  private byte @Nullable [] context;
  private int users = 1;

  /** Takes over {@code auth}. */
  StorageKey(TpmDevice device, Created object, byte[] rootName, byte[] auth) {
    this.device = device;
    this.object = object;
    this.rootName = rootName;
    this.auth = auth;
  }

  TpmDevice device() {
    return device;
  }

  Created object() {
    return object;
  }

  byte[] rootName() {
    return rootName.clone();
  }

  /** Loads it into {@code scope}, ready to be used as a parent. */
  int load(TpmScope scope) throws TpmError, KeyRefused {
    ObjectCommands objects = scope.objects();
    int handle = scope.keep(fromContext(scope, objects));
    scope.connection().authorise(handle, auth);
    return handle;
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
    if (!Arrays.equals(rootName, scope.rootName())) {
      throw new KeyRefused("The machine key was made by another TPM, or this TPM was cleared");
    }
    int root = scope.root();
    int handle;
    try {
      handle = objects.load(root, object);
    } catch (TpmError e) {
      if (!e.malformed()) {
        throw e;
      }
      throw new KeyRefused("The machine key was changed: " + e.reason(), e);
    } finally {
      scope.release(root);
    }
    context = scope.connection().save(handle);
    return handle;
  }

  synchronized void retain() {
    users++;
  }

  synchronized void release() {
    if (--users == 0) {
      BlobFrame.wipe(auth);
    }
  }
}
