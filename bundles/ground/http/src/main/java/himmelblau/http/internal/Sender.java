package himmelblau.http.internal;

import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Runs exchanges within {@code request_timeout}, and explains failures. */
final class Sender implements Http, AutoCloseable {
  private final Supplier<HttpSettings> settings;
  private final TrustStore trust;
  private final Connector connector;
  private final ConnectionPool pool;

  Sender(
      Supplier<HttpSettings> settings, TrustStore trust, Connector connector, Rest.Clocks clocks) {
    this.pool = new ConnectionPool(clocks);
    this.settings = settings;
    this.trust = trust;
    this.connector = connector;
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    URI uri = call.uri();
    if (!"https".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getUserInfo() != null) {
      throw new IOException("Only https URLs with a host are called");
    }
    HttpSettings now = settings.get();
    Exchange exchange = new Exchange(call, now, trust, connector, pool);
    FutureTask<HttpReply> task = new FutureTask<>(exchange::run);
    Thread worker = Thread.ofVirtual().name("http " + uri.getHost()).start(task);
    try {
      return task.get(now.total().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new SocketTimeoutException(
          uri.getHost()
              + " did not answer within "
              + now.total().toSeconds()
              + " s: check the network, or raise request_timeout");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The call to " + uri.getHost() + " was stopped");
    } catch (ExecutionException e) {
      throw explained(uri.getHost(), e.getCause());
    } finally {
      if (!task.isDone()) {
        exchange.end();
        worker.interrupt();
      }
    }
  }

  private static IOException explained(String host, @Nullable Throwable cause) {
    if (cause instanceof IllegalArgumentException misuse) {
      throw misuse;
    }
    String why = cause == null ? "no reason given" : String.valueOf(cause.getMessage());
    if (cause instanceof UnknownHostException) {
      return with(new UnknownHostException("No address found for " + host + ": check DNS"), cause);
    }
    if (cause instanceof SSLException e && untrusted(e)) {
      return new SSLException(
          "The certificate of "
              + host
              + " is not trusted ("
              + why
              + "): add its CA to the system's CA bundle, or check who intercepts TLS",
          cause);
    }
    if (cause instanceof SSLException) {
      return new SSLException("TLS with " + host + " failed: " + why, cause);
    }
    if (cause instanceof ProtocolException) {
      return with(new ProtocolException("What " + host + " sent is not usable: " + why), cause);
    }
    if (cause instanceof SocketTimeoutException || cause instanceof SocketException) {
      return with(
          new ConnectException(
              host + " cannot be reached (" + why + "): check network and firewall"),
          cause);
    }
    return new IOException("The call to " + host + " failed: " + why, cause);
  }

  private static boolean untrusted(SSLException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static IOException with(IOException problem, Throwable cause) {
    problem.initCause(cause);
    return problem;
  }

  @Override
  public void close() {
    pool.close();
  }
}
