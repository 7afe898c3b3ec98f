package himmelblau.metrics.internal.otlp;

import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector with a fixed answer. */
final class ScriptedHttp implements Http {
  final List<HttpCall> calls = new CopyOnWriteArrayList<>();
  volatile int status = 200;

  /** The answer to traces, if it differs. */
  volatile int statusOfTraces;

  volatile String body = "{}";
  volatile boolean unreachable;

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    calls.add(call);
    if (unreachable) {
      throw new IOException("collector.example: connection refused");
    }
    boolean traces = statusOfTraces != 0 && call.uri().getPath().endsWith("/v1/traces");
    int answer = traces ? statusOfTraces : status;
    return new HttpReply(answer, Map.of(), body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  List<HttpCall> to(String path) {
    return calls.stream().filter(call -> call.uri().getPath().endsWith(path)).toList();
  }
}
