package example.roster;

import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the daemon offers as {@link Http}, with faults. */
final class FaultyHttp implements Http {
  /** What goes wrong. */
  enum Fault {
    NONE,
    UNREACHABLE,
    THROTTLE_ONCE,
    STALL_ONCE
  }

  private final HttpClient client = 
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile Fault fault = Fault.NONE;
  private volatile boolean stalled;

  void fault(Fault next) {
    fault = next;
    stalled = false;
  }

  boolean stalled() {
    return stalled;
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    try {
      switch (fault) {
        case NONE -> {}
        case UNREACHABLE -> throw new ConnectException("refused");
        case THROTTLE_ONCE -> {
          fault = Fault.NONE;
          return new HttpReply(429, Map.of(), new byte[0]);
        }
        case STALL_ONCE -> {
          fault = Fault.NONE;
          stalled = true;
          TimeUnit.MINUTES.sleep(2);
        }
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(call.uri())
              .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
      call.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
      HttpResponse<byte[]> reply =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new HttpReply(reply.statusCode(), reply.headers().map(), reply.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
