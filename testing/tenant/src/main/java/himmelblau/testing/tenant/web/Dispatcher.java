package himmelblau.testing.tenant.web;

import himmelblau.testing.tenant.token.TenantClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/**
 * Between the HTTP server and the routes: reads, routes, misbehaves if told to, records, writes.
 */
public final class Dispatcher extends Handler.Abstract {
  private static final int MAX_BODY = 8 * 1024 * 1024;
  private static final long HUGE = 256L * 1024 * 1024;
  private static final long STALL_MILLIS = 10 * 60 * 1000L;

  private final Router router;
  private final Faults faults;
  private final RequestLog log;
  private final TenantClock clock;

  public Dispatcher(Router router, Faults faults, RequestLog log, TenantClock clock) {
    this.router = router;
    this.faults = faults;
    this.log = log;
    this.clock = clock;
  }

  @Override
  public boolean handle(org.eclipse.jetty.server.Request raw, Response response, Callback callback)
      throws Exception {
    if (raw.getLength() > MAX_BODY) {
      Response.writeError(raw, response, callback, 413);
      return true;
    }
    long start = System.nanoTime();
    Request request = read(raw);
    Optional<Fault> fault = faults.take(request);
    Reply reply = answer(request, fault);
    log.record(clock.now(), request, reply, fault, (System.nanoTime() - start) / 1_000_000);
    switch (fault.map(Fault::kind).orElse(Fault.Kind.STATUS)) {
      case RESET -> reset(raw, callback);
      case STALL -> stall(raw, response, reply, callback);
      case HUGE -> huge(response, reply, callback);
      default -> write(response, reply, callback);
    }
    return true;
  }

  private Reply answer(Request request, Optional<Fault> fault) throws InterruptedException {
    if (fault.isPresent()) {
      Fault hit = fault.get();
      switch (hit.kind()) {
        case DELAY -> Thread.sleep((long) (hit.value() * 1000));
        case STATUS -> {
          return retryAfter(
              Reply.text((int) hit.value(), "The service is not available."), hit.retryAfter());
        }
        case AADSTS -> {
          return retryAfter(refuse(request, Refusal.aadsts((int) hit.value())), hit.retryAfter());
        }
        case RESET -> {
          return Reply.text(0, "");
        }
        default -> {}
      }
    }
    Reply reply = route(request);
    return switch (fault.map(Fault::kind).orElse(Fault.Kind.DELAY)) {
      case MALFORMED -> Tampering.cut(reply);
      case BAD_SIGNATURE -> Tampering.badSignature(reply);
      default -> reply;
    };
  }

  private static Reply retryAfter(Reply reply, int seconds) {
    return seconds > 0 ? reply.with("Retry-After", String.valueOf(seconds)) : reply;
  }

  private Reply route(Request request) {
    Optional<Router.Match> match = router.find(request);
    if (match.isEmpty()) {
      return Reply.html(404, "<html><body>404 - not found</body></html>");
    }
    Route route = match.get().route();
    try {
      return route.endpoint().answer(request, match.get().path());
    } catch (Refusal refusal) {
      return route.refusals().say(request, refusal);
    } catch (RuntimeException e) {
      System.err.println("tenant: " + request.method() + " " + request.path() + " failed");
      e.printStackTrace();
      return Reply.text(500, "internal error of the emulated tenant: " + e);
    }
  }

  private Reply refuse(Request request, Refusal refusal) {
    return router
        .find(request)
        .map(match -> match.route().refusals().say(request, refusal))
        .orElseGet(() -> Reply.text(refusal.status(), refusal.description()));
  }

  private static Request read(org.eclipse.jetty.server.Request raw) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (HttpField field : raw.getHeaders()) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      String value = field.getValue() == null ? "" : field.getValue();
      headers.merge(name, value, (a, b) -> a + (name.equals("cookie") ? "; " : ", ") + b);
    }
    ByteBuffer content = Content.Source.asByteBuffer(raw);
    byte[] body = new byte[content.remaining()];
    content.get(body);
    String query = raw.getHttpURI().getQuery();
    String path = raw.getHttpURI().getPath();
    return new Request(
        raw.getMethod(),
        org.eclipse.jetty.server.Request.getServerName(raw).toLowerCase(Locale.ROOT),
        path == null ? "/" : URIUtil.decodePath(path),
        query == null ? "" : query,
        headers,
        body,
        certificate(raw));
  }

  private static Optional<X509Certificate> certificate(org.eclipse.jetty.server.Request raw) {
    EndPoint.SslSessionData data =
        raw.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    if (data != null && data.peerCertificates() != null && data.peerCertificates().length > 0) {
      return Optional.of(data.peerCertificates()[0]);
    }
    return Optional.empty();
  }

  private void head(Response response, Reply reply) {
    response.setStatus(reply.status());
    response
        .getHeaders()
        .put(
            "Date",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.now().atOffset(ZoneOffset.UTC)));
    response.getHeaders().put("x-ms-request-id", UUID.randomUUID().toString());
    reply
        .headers()
        .forEach(header -> response.getHeaders().add(header.getKey(), header.getValue()));
  }

  private void write(Response response, Reply reply, Callback callback) {
    head(response, reply);
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
  }

  private static void reset(org.eclipse.jetty.server.Request raw, Callback callback)
      throws IOException {
    EndPoint endPoint = raw.getConnectionMetaData().getConnection().getEndPoint();
    if (endPoint instanceof EndPoint.Wrapper wrapper) {
      endPoint = wrapper.unwrap();
    }
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      channel.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }
    callback.failed(new IOException("reset on purpose"));
  }

  private void stall(
      org.eclipse.jetty.server.Request raw, Response response, Reply reply, Callback callback)
      throws IOException, InterruptedException {
    head(response, reply);
    byte[] body = reply.body();
    response.getHeaders().put("Content-Length", String.valueOf(body.length + 1));
    try (Blocker.Callback first = Blocker.callback()) {
      response.write(false, ByteBuffer.wrap(body, 0, body.length / 2), first);
      first.block();
    }
    EndPoint endPoint = raw.getConnectionMetaData().getConnection().getEndPoint();
    long end = System.nanoTime() + STALL_MILLIS * 1_000_000;
    while (endPoint.isOpen() && System.nanoTime() < end) {
      Thread.sleep(200);
    }
    callback.failed(new IOException("stalled on purpose"));
  }

  private void huge(Response response, Reply reply, Callback callback) {
    head(response, reply);
    byte[] blanks = new byte[1024 * 1024];
    Arrays.fill(blanks, (byte) ' ');
    try {
      for (long sent = 0; sent < HUGE; sent += blanks.length) {
        try (Blocker.Callback block = Blocker.callback()) {
          response.write(false, ByteBuffer.wrap(blanks), block);
          block.block();
        }
      }
      response.write(true, ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)), callback);
    } catch (IOException e) {
      callback.failed(e); // the client had enough
    }
  }
}
