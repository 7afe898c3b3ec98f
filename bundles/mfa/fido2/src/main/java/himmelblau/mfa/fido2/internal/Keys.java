package himmelblau.mfa.fido2.internal;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The security keys that are connected to this host. Thread-safe. */
final class Keys {
  private static final Log LOG = Log.of(Keys.class);
  private static final int MOST = 16;

  /** For what a key does without its user; ample, for hosts that are busy. */
  static final Duration SHORT = Duration.ofSeconds(15);

  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final LibFido2 library;
  private final KeyThread thread;
  private final Supplier<Optional<AuthenticatorTransport>> transport;

  Keys(LibFido2 library, KeyThread thread, Supplier<Optional<AuthenticatorTransport>> transport) {
    this.library = library;
    this.thread = thread;
    this.transport = transport;
  }

  /** Work with an open key. */
  interface Use<T> {
    T with(OpenKey key) throws KeyFailure;
  }

  /** Those that are connected now. */
  List<KeyAddress> connected(Duration queue) throws KeyFailure, KeysBusy, ConversationClosed {
    return thread.run(
        queue,
        SHORT,
        operation -> {
          List<KeyAddress> found = devices();
          transport.get().ifPresent(other -> addAll(found, other));
          return found;
        });
  }

  private static void addAll(List<KeyAddress> found, AuthenticatorTransport other) {
    for (String name : other.connected()) {
      found.add(new KeyAddress(name, name, Optional.of(other)));
    }
  }

  private List<KeyAddress> devices() {
    library.fido_init(LibFido2.DISABLE_U2F_FALLBACK);
    List<KeyAddress> found = new ArrayList<>();
    Pointer list = library.fido_dev_info_new(MOST);
    if (list == null) {
      return found;
    }
    try {
      LongByReference count = new LongByReference();
      if (library.fido_dev_info_manifest(list, MOST, count) != 0) {
        return found; // such as in a container that has no /sys
      }
      for (long i = 0; i < count.getValue(); i++) {
        Pointer entry = library.fido_dev_info_ptr(list, i);
        String path = entry == null ? null : library.fido_dev_info_path(entry);
        if (entry != null && path != null) {
          String product = library.fido_dev_info_product_string(entry);
          found.add(new KeyAddress(path, product == null ? "" : product, Optional.empty()));
        }
      }
      return found;
    } finally {
      library.fido_dev_info_free(new PointerByReference(list), MOST);
    }
  }

  /**
   * Opens a key for {@code use}.
   *
   * @param limit how long it may take; then it is canceled
   */
  <T> T use(KeyAddress address, Duration queue, Duration limit, Use<T> use)
      throws KeyFailure, KeysBusy, ConversationClosed {
    return thread.run(
        queue,
        limit,
        operation -> {
          try (OpenKey key = OpenKey.open(library, address, limit.plus(GRACE))) {
            operation.begin(key);
            try {
              return use.with(key);
            } finally {
              operation.end();
            }
          }
        });
  }

  /** Whether a key has one of the passkeys that are asked for. */
  boolean holds(KeyAddress address, Duration queue, WebAuthn.Request request, byte[] hash)
      throws KeysBusy, ConversationClosed {
    try {
      use(
          address,
          queue,
          SHORT,
          key -> {
            key.check(request, hash, Optional.empty());
            return true;
          });
      return true;
    } catch (KeyFailure e) {
      LOG.debug("fido.key.checked", "key", address.product(), "answer", e.getMessage());
      return switch (e.kind()) {
        case NO_CREDENTIAL, GONE, TIMED_OUT, OUTDATED -> false;
        default -> true; // it says nothing without its PIN, so the user is asked for that
      };
    }
  }

  /**
   * The key that the user touches first.
   *
   * @throws KeyFailure none was touched in time
   */
  KeyAddress selected(List<KeyAddress> keys, Duration queue, Duration limit)
      throws KeyFailure, KeysBusy, ConversationClosed {
    return thread.run(
        queue,
        limit,
        operation -> {
          List<OpenKey> open = new ArrayList<>();
          try {
            for (KeyAddress address : keys) {
              OpenKey key = OpenKey.open(library, address, limit.plus(GRACE));
              open.add(key);
              key.beginSelection();
            }
            while (!operation.canceled()) {
              for (int i = 0; i < open.size(); i++) {
                if (open.get(i).selected(LOOK)) {
                  return keys.get(i);
                }
              }
            }
            throw KeyFailure.timedOut();
          } finally {
            open.forEach(OpenKey::cancel);
            open.forEach(OpenKey::close);
          }
        });
  }
}
