package himmelblau.http.internal;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request and its reply. Runs on a thread of its own; may be ended from outside. */
final class Exchange {
  private static final int HTTPS_PORT = 443;

  private final HttpCall call;
  private final Settings settings;
  private final Trust trust;
  private final Connector connector;
  private final Pool pool;
  private @Nullable AutoCloseable open;
  private boolean ended;

  Exchange(HttpCall call, Settings settings, Trust trust, Connector connector, Pool pool) {
    this.call = call;
    this.settings = settings;
    this.trust = trust;
    this.connector = connector;
    this.pool = pool;
  }

  HttpReply run() throws IOException {
    URI uri = call.uri();
    int port = uri.getPort() < 0 ? HTTPS_PORT : uri.getPort();
    Trust.Anchors anchors = trust.current();
    String key = Wire.authority(uri) + '|' + settings.family() + '|' + anchors.stamp();
    Optional<Line> rested = pool.take(key);
    Line line = rested.isPresent() ? rested.get() : connect(key, uri.getHost(), port, anchors);
    hold(line);
    boolean reusable = false;
    try {
      Wire.write(line.out(), call);
      Wire.Received received = Wire.read(line.in(), call.method(), call.maxBody());
      reusable = received.reusable();
      return received.reply();
    } finally {
      release(line, reusable);
    }
  }

  private Line connect(String key, String host, int port, Trust.Anchors anchors)
      throws IOException {
    Connector.Opened fresh = connector.open(host, port, settings, anchors.context(), this::hold);
    return new Line(key, fresh.raw(), fresh.secured());
  }

  private synchronized void hold(AutoCloseable resource) {
    open = resource;
    if (ended) {
      closeQuietly(resource);
    }
  }

  private synchronized void release(Line line, boolean reusable) {
    open = null;
    if (reusable && !ended) {
      pool.giveBack(line);
    } else {
      line.close();
    }
  }

  /** Makes {@link #run} fail soon, whatever it waits for. */
  synchronized void end() {
    ended = true;
    if (open != null) {
      closeQuietly(open);
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // Closing is all that can be done with it.
    }
  }
}
