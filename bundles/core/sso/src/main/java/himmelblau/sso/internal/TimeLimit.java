package himmelblau.sso.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what may wait for the network, for a limited time. */
final class TimeLimit {
  private TimeLimit() {}

  /**
   * The result of {@code work}, which is interrupted when the time is over.
   *
   * @throws CallRefused that {@code work} threw, or when the time is over
   * @throws InterruptedException when the caller's thread is interrupted
   */
  static String within(Duration budget, Callable<String> work)
      throws CallRefused, InterruptedException {
    FutureTask<String> task = new FutureTask<>(work);
    Thread thread = Thread.ofVirtual().name("sso").start(task);
    boolean done = false;
    try {
      String result = task.get(budget.toNanos(), TimeUnit.NANOSECONDS);
      done = true;
      return result;
    } catch (TimeoutException e) {
      throw new CallRefused(BrokerStatus.NO_NETWORK, CallRefused.TOO_LATE);
    } catch (ExecutionException e) {
      done = true;
      throw thrown(e);
    } finally {
      if (!done) {
        thread.interrupt();
      }
    }
  }

  private static CallRefused thrown(ExecutionException e) throws InterruptedException {
    if (e.getCause() instanceof CallRefused refused) {
      return refused;
    }
    if (e.getCause() instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    throw new IllegalStateException("The call failed", e.getCause());
  }
}
