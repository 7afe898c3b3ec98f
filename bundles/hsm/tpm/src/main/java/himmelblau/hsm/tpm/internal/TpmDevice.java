package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.log.Log;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One TPM behind a TCTI. All work runs on one platform thread, in order: a TPM executes one command
 * at a time, and native calls must not block the carrier threads of virtual threads. The connection
 * is opened when there is work and closed when none is waiting, so that other programs can use the
 * TPM, too.
 */
final class TpmDevice {
  private static final Log LOG = Log.of(TpmDevice.class);
  private static final String DEVICE = "device:";
  // A slow chip takes half a minute for an RSA key.
  private static final int PATIENCE_SECONDS = 90;
  private static final int MOST_TRIES = 6;
  private static final int SHORT_MILLIS = 10;
  private static final int LEFT_MILLIS = 150;

  private final String tctiName;
  private final StorageRoot root = new StorageRoot();
  private final ThreadPoolExecutor thread;
  private final TpmLock turn;
  private @Nullable TpmConnection connection;
  private boolean broken; // the last connection: what it had loaded may still be there

  TpmDevice(String tctiName) {
    this.tctiName = tctiName;
    this.turn = new TpmLock(tctiName);
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("tpm").daemon().factory());
    thread.allowCoreThreadTimeOut(true);
  }

  String tctiName() {
    return tctiName;
  }

  /** Work in the TPM. */
  interface Work<T> {
    T run(TpmScope scope) throws TpmError, KeyStoreUnavailable, KeyRefused, WrongPin;
  }

  /** Whether the device seems to exist; checked without loading a library. */
  boolean plausible() {
    return !tctiName.startsWith(DEVICE)
        || Files.exists(Path.of(tctiName.substring(DEVICE.length())));
  }

  /**
   * Runs {@code work}; an error of the TPM becomes {@link KeyStoreUnavailable}. Secrets that the
   * work uses may be wiped once this returns or throws: work that has not begun by then never runs,
   * since an auth value of zeroes would count as a wrong PIN.
   */
  <T> T run(Work<T> work) throws KeyStoreUnavailable, KeyRefused, WrongPin {
    if (!plausible()) {
      throw new KeyStoreUnavailable("No TPM detected: there is no " + tctiName);
    }
    AtomicBoolean taken = new AtomicBoolean(); // by the thread, or by a caller that gave up
    Future<T> future = submit(work, taken);
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      if (!taken.compareAndSet(false, true)) {
        awaitEnd(future);
      }
      Thread.currentThread().interrupt();
      throw new KeyStoreUnavailable("Interrupted while waiting for the TPM", e);
    } catch (TimeoutException e) {
      taken.set(true);
      throw new KeyStoreUnavailable(
          "The TPM did not answer within " + PATIENCE_SECONDS + " seconds. Restart the machine", e);
    } catch (ExecutionException e) {
      throw translated(e.getCause());
    }
  }

  private <T> Future<T> submit(Work<T> work, AtomicBoolean taken) throws KeyStoreUnavailable {
    try {
      return thread.submit(
          () -> {
            try {
              return taken.compareAndSet(false, true) ? runHere(work) : null;
            } finally {
              rest(); // also when the last of many gave up
            }
          });
    } catch (RejectedExecutionException e) {
      throw new KeyStoreUnavailable("The service is stopping", e);
    }
  }

  /**
   * Takes no more work and waits until the TPM is left empty: without a resource manager, what this
   * process has loaded would stay when it ends, and there is room for three objects only.
   */
  void close(Duration patience) {
    thread.shutdown();
    if (RawFlush.managed(tctiName)) {
      return;
    }
    try {
      if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("tpm.still_at_work", "seconds", patience.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work has begun and cannot be stopped: it ends in a moment. */
  private static void awaitEnd(Future<?> future) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!future.isDone() && System.nanoTime() < end) {
      try {
        future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        // told already
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("tpm.result_unwanted", "why", e);
      }
    }
  }

  /** {@link #run} for work that uses no secrets of the caller. */
  <T> T make(Work<T> work) throws KeyStoreUnavailable {
    try {
      return run(work);
    } catch (KeyRefused | WrongPin e) {
      throw new KeyStoreUnavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private static KeyStoreUnavailable translated(@Nullable Throwable cause)
      throws KeyRefused, WrongPin {
    if (cause instanceof KeyStoreUnavailable e) {
      return e;
    }
    if (cause instanceof KeyRefused e) {
      throw e;
    }
    if (cause instanceof WrongPin e) {
      throw e;
    }
    if (cause instanceof TpmError e) {
      return new KeyStoreUnavailable(sentence(e), e);
    }
    if (cause instanceof LinkageError e) {
      return new KeyStoreUnavailable(
          "The TPM libraries cannot be loaded (" + e.getMessage() + "). Install tpm2-tss", e);
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    throw new IllegalStateException("Unexpected failure of a TPM operation", cause);
  }

  private static String sentence(TpmError e) {
    String reason = e.reason();
    return Character.toUpperCase(reason.charAt(0)) + reason.substring(1);
  }

  private <T> T runHere(Work<T> work) throws TpmError, KeyStoreUnavailable, KeyRefused, WrongPin {
    turn.take(PATIENCE_SECONDS);
    for (int tries = 1; ; tries++) {
      try {
        return attempt(work);
      } catch (TpmError e) {
        if (tries > MOST_TRIES || !recover(e, tries)) {
          throw e;
        }
      }
    }
  }

  /** Releases the TPM when no work is waiting, or when another key store waits for it. */
  private void rest() {
    if (thread.getQueue().isEmpty() || turn.wanted()) {
      disconnect();
      turn.pass();
    }
  }

  private <T> T attempt(Work<T> work) throws TpmError, KeyStoreUnavailable, KeyRefused, WrongPin {
    try {
      TpmConnection open = connection;
      if (open == null) {
        cleanUp();
        open = new TpmConnection(tctiName);
        connection = open;
      }
      try (TpmScope scope = new TpmScope(open, root)) {
        return work.run(scope);
      }
    } catch (TpmError e) {
      disconnect(); // whatever state it is in, the next one is fresh
      broken |= e.disconnected();
      throw e;
    }
  }

  /** A connection that broke could not flush; a resource manager does it by itself. */
  private void cleanUp() throws TpmError {
    if (broken && !RawFlush.managed(tctiName)) {
      flushLeftovers();
    }
    broken = false;
  }

  /** Whether trying once more makes sense. */
  private boolean recover(TpmError e, int tries) throws TpmError {
    if (e.is(TpmError.INITIALIZE)) {
      try (TpmConnection fresh = new TpmConnection(tctiName)) {
        fresh.startUp();
      }
      return true;
    }
    if (RawFlush.managed(tctiName)) {
      return false;
    }
    if (e.evicted()) {
      return true;
    }
    if (!e.is(TpmError.OBJECT_MEMORY) && !e.is(TpmError.SESSION_MEMORY)) {
      return false;
    }
    if (tries == MOST_TRIES) {
      return flushLeftovers() > 0;
    }
    pause(SHORT_MILLIS << tries); // another program that uses it now will flush its handles soon
    return true;
  }

  /** Only what stays for a while: the rest is in use by another connection. */
  private int flushLeftovers() throws TpmError {
    Set<Integer> left = handles();
    if (!left.isEmpty()) {
      pause(LEFT_MILLIS);
      left.retainAll(handles());
    }
    for (int handle : left) {
      RawFlush.flush(tctiName, handle);
    }
    if (!left.isEmpty()) {
      LOG.warn("tpm.flushed_leftovers", "handles", left.size());
    }
    return left.size();
  }

  private Set<Integer> handles() throws TpmError {
    try (TpmConnection fresh = new TpmConnection(tctiName)) {
      return Arrays.stream(Capabilities.handles(fresh)).boxed().collect(Collectors.toSet());
    }
  }

  private static void pause(long milliseconds) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
  }

  private void disconnect() {
    TpmConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
      broken |= !open.clean();
    }
  }
}
