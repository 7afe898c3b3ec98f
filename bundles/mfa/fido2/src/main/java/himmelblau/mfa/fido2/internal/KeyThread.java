package himmelblau.mfa.fido2.internal;

import himmelblau.api.login.ConversationClosed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs what blocks in libfido2 on a platform thread, one operation at a time: a native call would
 * hold the carrier of the virtual thread that the conversation runs on, and two sign-ins must not
 * wait for the same touch, or a user's touch for one of them would confirm the other. Thread-safe.
 */
final class KeyThread implements AutoCloseable {
  private static final Duration CANCEL_AGAIN = Duration.ofMillis(200);
  private static final int CANCELS = 10;

  private final Semaphore free = new Semaphore(1, true);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("security-key").factory());
  private volatile @Nullable Operation current;

  /** What an operation may be canceled by. */
  static final class Operation {
    private @Nullable OpenKey key;
    private boolean canceled;

    /**
     * From now on {@code opened} is canceled with the operation.
     *
     * @throws KeyFailure the operation was canceled already
     */
    synchronized void begin(OpenKey opened) throws KeyFailure {
      if (canceled) {
        throw KeyFailure.timedOut();
      }
      key = opened;
    }

    /** To be called before the key is closed. */
    synchronized void end() {
      key = null;
    }

    synchronized boolean canceled() {
      return canceled;
    }

    private synchronized void cancel() {
      canceled = true;
      if (key != null) {
        key.cancel();
      }
    }
  }

  /** What is done on the platform thread. */
  interface Work<T> {
    T run(Operation operation) throws KeyFailure;
  }

  /**
   * Runs {@code work} and waits for it.
   *
   * @param queue how long to wait for other sign-ins
   * @param limit how long it may take; then it is canceled
   * @throws KeyFailure it failed, or took too long
   * @throws KeysBusy another sign-in used the keys all the time
   * @throws ConversationClosed the user is gone; the work was canceled
   */
  <T> T run(Duration queue, Duration limit, Work<T> work)
      throws KeyFailure, KeysBusy, ConversationClosed {
    try {
      if (!free.tryAcquire(queue.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new KeysBusy();
      }
    } catch (InterruptedException e) {
      throw gone();
    }
    Operation operation = new Operation();
    CompletableFuture<T> result = new CompletableFuture<>();
    current = operation;
    try {
      threads.execute(() -> perform(work, operation, result));
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
    try {
      return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(operation, result);
      throw KeyFailure.timedOut();
    } catch (InterruptedException e) {
      stop(operation, result);
      throw gone();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KeyFailure failure) {
        throw failure;
      }
      throw new IllegalStateException(
          "unexpected failure while a security key was used", e.getCause());
    }
  }

  private <T> void perform(Work<T> work, Operation operation, CompletableFuture<T> result) {
    try {
      T value = work.run(operation);
      free.release();
      result.complete(value);
    } catch (KeyFailure | RuntimeException | LinkageError e) {
      free.release();
      result.completeExceptionally(e);
    }
  }

  /**
   * Cancels until the work has ended, for a key ignores it between two messages. A key that does
   * not stop keeps its thread, and no other sign-in gets the keys, until libfido2 gives it up.
   */
  private static void stop(Operation operation, CompletableFuture<?> result) {
    boolean interrupted = Thread.interrupted();
    for (int i = 0; i < CANCELS && !result.isDone(); i++) {
      operation.cancel();
      try {
        result.get(CANCEL_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException | ExecutionException e) {
        // looked at by the loop
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ConversationClosed gone() {
    Thread.currentThread().interrupt();
    return new ConversationClosed(ConversationClosed.Reason.GONE);
  }

  /** Ends what is running. */
  @Override
  public void close() {
    threads.shutdown();
    Operation running = current;
    if (running != null) {
      running.cancel();
    }
  }
}
