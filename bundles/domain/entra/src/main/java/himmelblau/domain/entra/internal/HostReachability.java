package himmelblau.domain.entra.internal;

import himmelblau.api.http.HttpCall;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Checks whether a host can be reached now. */
final class HostReachability {
  private HostReachability() {}

  /** Never throws; an interrupted thread stays interrupted. */
  static boolean within(Duration limit, DomainHttp web, String host) {
    HttpCall probe = HttpCall.get(URI.create("https://" + host + "/"));
    FutureTask<Boolean> task = new FutureTask<>(() -> web.send(probe).status() < 500);
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
