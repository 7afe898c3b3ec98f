package himmelblau.http.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Turns a host name into addresses. */
@FunctionalInterface
interface Resolver {
  List<InetAddress> resolve(String host) throws IOException;

  /**
   * The system's. Runs on a platform thread of its own: a name server that does not answer blocks
   * the thread in native code, and there are too few carriers of virtual threads to lose one.
   */
  static Resolver system() {
    return host -> {
      FutureTask<List<InetAddress>> task =
          new FutureTask<>(() -> List.of(InetAddress.getAllByName(host)));
      Thread.ofPlatform().daemon().name("resolve " + host).start(task);
      try {
        return task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("stopped while looking up the address");
      } catch (ExecutionException e) {
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(e.getCause());
        throw unknown;
      }
    };
  }
}
