package himmelblau.hsm.tpm.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One operation in the TPM. Everything it loads is flushed at its end, in every case, so that
 * nothing stays in the TPM's memory. Used by one thread.
 */
final class TpmScope implements AutoCloseable {
  private final TpmConnection connection;
  private final StorageRoot root;
  private final Deque<Integer> loaded = new ArrayDeque<>();

  TpmScope(TpmConnection connection, StorageRoot root) {
    this.connection = connection;
    this.root = root;
  }

  TpmConnection connection() {
    return connection;
  }

  /** Commands on objects; starts the session first. */
  ObjectCommands objects() throws TpmError {
    if (!connection.hasSession()) {
      int handle = root.load(connection);
      loaded.push(handle);
      connection.startSession(handle);
      release(handle); // room for what comes
    }
    return new ObjectCommands(connection);
  }

  /** Loads the storage root. */
  int root() throws TpmError {
    return keep(root.load(connection));
  }

  /** What identifies the TPM, until it is cleared. */
  byte[] rootName() throws TpmError {
    return root.name(connection);
  }

  /** Takes responsibility for flushing {@code handle}. */
  int keep(int handle) {
    loaded.push(handle);
    return handle;
  }

  /** Flushes early. */
  void release(int handle) throws TpmError {
    loaded.remove(handle);
    connection.flush(handle);
  }

  @Override
  public void close() throws TpmError {
    @Nullable TpmError failed = null;
    while (!loaded.isEmpty()) {
      try {
        connection.flush(loaded.pop());
      } catch (TpmError e) {
        failed = e.evicted() ? failed : e; // continue: the others must not remain loaded either
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
