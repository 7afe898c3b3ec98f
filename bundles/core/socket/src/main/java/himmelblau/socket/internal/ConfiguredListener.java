package himmelblau.socket.internal;

import himmelblau.api.log.Log;
import himmelblau.api.status.Fatal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * A listener at the configured path, which is opened again elsewhere when the configuration
 * changes.
 */
final class ConfiguredListener implements AutoCloseable {
  private static final Log LOG = Log.of(ConfiguredListener.class);

  private final String name;
  private final String mode;
  private final PeerLimits limits;
  private final Listener.Handler handler;
  private @Nullable Listener listener;

  ConfiguredListener(String name, String mode, PeerLimits limits, Listener.Handler handler) {
    this.name = name;
    this.mode = mode;
    this.limits = limits;
    this.handler = handler;
  }

  /** Begins to listen. Without its sockets the daemon is of no use, so failing is fatal. */
  synchronized void open(Path path, BundleContext context) {
    try {
      listener = Listener.open(name, path, mode, limits, handler);
    } catch (IOException e) {
      context.registerService(
          Fatal.class,
          new Fatal() {},
          FrameworkUtil.asDictionary(Map.of(Fatal.REASON, String.valueOf(e.getMessage()))));
      throw new IllegalStateException(e);
    }
  }

  /**
   * Begins to listen at a socket that sign-ins do without.
   *
   * @return why it cannot be; empty: it listens
   */
  synchronized Optional<String> openIfPossible(Path path) {
    try {
      listener = Listener.open(name, path, mode, limits, handler);
      return Optional.empty();
    } catch (IOException e) {
      LOG.error("socket.not_opened", e, "socket", name, "path", path);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Listens there instead; stays where it is when that cannot be. */
  synchronized void move(Path path) {
    Listener before = listener;
    if (before != null && before.path().equals(path.toString())) {
      return;
    }
    try {
      listener = Listener.open(name, path, mode, limits, handler);
      if (before != null) {
        before.close();
      }
    } catch (IOException e) {
      LOG.error("socket.not_moved", e, "socket", name, "stays", path());
    }
  }

  synchronized String path() {
    return listener == null ? "" : listener.path();
  }

  /** Lets nobody new come; whoever is connected stays so until this is closed. */
  synchronized void withdraw() {
    if (listener != null) {
      listener.withdraw();
    }
  }

  @Override
  public synchronized void close() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }
}
