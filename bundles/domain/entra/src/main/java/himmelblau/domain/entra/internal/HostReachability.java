package himmelblau.domain.entra.internal;

import himmelblau.api.http.HttpCall;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checks whether a host can be reached now. Its answer may be an error: the certificate says that
 * it is the host, and what is broken there opens nothing here (cached passwords do not replace a
 * second factor).
 */
final class HostReachability {
  private HostReachability() {}

  /** Never throws; an interrupted thread stays interrupted. */
  static boolean within(Duration limit, DomainHttp web, String host) {
    HttpCall probe = HttpCall.get(URI.create("https://" + host + "/"));
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              web.send(probe);
              return true;
            });
    Thread worker = Thread.ofVirtual().name("reachable " + host).start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } finally {
      worker.interrupt();
    }
  }
}
