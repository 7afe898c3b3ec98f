package himmelblau.mfa.fido2.internal;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a key. Every method blocks its carrier thread and is called by one platform
 * thread; only {@link #cancel} comes from another one.
 */
final class OpenKey implements AutoCloseable {
  private static final int NOT_FIDO2 = 0x01;
  private static final int NO_MEMORY = -9;

  private final LibFido2 library;
  private final Pointer device;
  private final @Nullable TransportIo io; // libfido2 calls it while the device is open

  /**
   * @param patience after which the key counts as gone when it does not answer
   */
  static OpenKey open(LibFido2 library, KeyAddress address, Duration patience) throws KeyFailure {
    library.fido_init(LibFido2.DISABLE_U2F_FALLBACK);
    Pointer device = library.fido_dev_new();
    if (device == null) {
      throw KeyFailure.of(NO_MEMORY);
    }
    TransportIo io = address.transport().map(TransportIo::new).orElse(null);
    int status = io == null ? 0 : library.fido_dev_set_io_functions(device, io.functions());
    if (status == 0) {
      status = library.fido_dev_set_timeout(device, (int) patience.toMillis());
    }
    if (status == 0) {
      status = library.fido_dev_open(device, address.path());
    }
    if (status == 0 && library.fido_dev_is_fido2(device) == 0) {
      library.fido_dev_close(device);
      status = NOT_FIDO2;
    }
    if (status != 0) {
      library.fido_dev_free(new PointerByReference(device));
      throw KeyFailure.of(status);
    }
    return new OpenKey(library, device, io);
  }

  private OpenKey(LibFido2 library, Pointer device, @Nullable TransportIo io) {
    this.library = library;
    this.device = device;
    this.io = io;
  }

  boolean pinSet() {
    return library.fido_dev_has_pin(device) != 0;
  }

  /** Whether the key itself recognises its user, such as by a fingerprint that is enrolled. */
  boolean recognisesUser() {
    return library.fido_dev_has_uv(device) != 0;
  }

  /** Wrong PINs until the key is blocked; empty: the key does not say. */
  Optional<Integer> pinTries() {
    IntByReference tries = new IntByReference();
    return library.fido_dev_get_retry_count(device, tries) == 0
        ? Optional.of(tries.getValue())
        : Optional.empty();
  }

  /**
   * Checks without a touch, and without a sound or light, whether the key has one of the passkeys
   * and, with a PIN, whether the PIN is right.
   *
   * @param pin borrowed
   */
  void check(WebAuthn.Request request, byte[] hash, Optional<Secret> pin) throws KeyFailure {
    Pointer assertion = assertion(request, hash);
    try {
      demand(library.fido_assert_set_up(assertion, LibFido2.OPTION_FALSE));
      get(assertion, pin);
    } finally {
      library.fido_assert_free(new PointerByReference(assertion));
    }
  }

  /**
   * Lets the key sign; returns when the user has touched it.
   *
   * @param pin borrowed
   * @param recognise whether the key itself verifies the user
   */
  WebAuthn.Assertion sign(
      WebAuthn.Request request, ClientData client, Optional<Secret> pin, boolean recognise)
      throws KeyFailure {
    Pointer assertion = assertion(request, client.hash());
    try {
      if (recognise) {
        demand(library.fido_assert_set_uv(assertion, LibFido2.OPTION_TRUE));
      }
      get(assertion, pin);
      if (library.fido_assert_count(assertion) < 1) {
        throw KeyFailure.malformed("the key signed nothing");
      }
      byte[] id =
          bytes(library.fido_assert_id_ptr(assertion, 0), library.fido_assert_id_len(assertion, 0));
      if (id.length == 0 && request.allow().size() == 1) {
        id = request.allow().get(0); // CTAP 2.0, 5.2: a key may leave out the only possible one
      }
      byte[] user =
          bytes(
              library.fido_assert_user_id_ptr(assertion, 0),
              library.fido_assert_user_id_len(assertion, 0));
      return new WebAuthn.Assertion(
          id,
          client.json(),
          AuthenticatorData.unwrap(
              bytes(
                  library.fido_assert_authdata_ptr(assertion, 0),
                  library.fido_assert_authdata_len(assertion, 0))),
          bytes(
              library.fido_assert_sig_ptr(assertion, 0), library.fido_assert_sig_len(assertion, 0)),
          Optional.of(user).filter(handle -> handle.length > 0));
    } finally {
      library.fido_assert_free(new PointerByReference(assertion));
    }
  }

  private Pointer assertion(WebAuthn.Request request, byte[] hash) throws KeyFailure {
    Pointer assertion = library.fido_assert_new();
    if (assertion == null) {
      throw KeyFailure.of(NO_MEMORY);
    }
    int status = library.fido_assert_set_rp(assertion, request.relyingParty());
    if (status == 0) {
      status = library.fido_assert_set_clientdata_hash(assertion, hash, hash.length);
    }
    for (byte[] id : request.allow()) {
      if (status == 0) {
        status = library.fido_assert_allow_cred(assertion, id, id.length);
      }
    }
    if (status != 0) {
      library.fido_assert_free(new PointerByReference(assertion));
      throw KeyFailure.of(status);
    }
    return assertion;
  }

  private void get(Pointer assertion, Optional<Secret> pin) throws KeyFailure {
    if (pin.isEmpty()) {
      demand(library.fido_dev_get_assert(device, assertion, null));
      return;
    }
    try (Memory memory = new Memory(pin.get().length() + 1L)) {
      try {
        pin.get()
            .use(
                bytes -> {
                  memory.write(0, bytes, 0, bytes.length);
                  return bytes.length;
                });
        memory.setByte(memory.size() - 1, (byte) 0);
        demand(library.fido_dev_get_assert(device, assertion, memory));
      } finally {
        memory.clear();
      }
    }
  }

  /** Lets the key blink, so that the user can select it by a touch. */
  void beginSelection() throws KeyFailure {
    demand(library.fido_dev_get_touch_begin(device));
  }

  /** Whether it was touched since. */
  boolean selected(Duration wait) throws KeyFailure {
    IntByReference touched = new IntByReference();
    demand(library.fido_dev_get_touch_status(device, touched, (int) wait.toMillis()));
    return touched.getValue() != 0;
  }

  /** Ends what another thread waits for; the key stops blinking. */
  void cancel() {
    library.fido_dev_cancel(device);
  }

  private static void demand(int status) throws KeyFailure {
    if (status != 0) {
      throw KeyFailure.of(status);
    }
  }

  private static byte[] bytes(@Nullable Pointer pointer, long length) {
    return pointer == null || length <= 0 ? new byte[0] : pointer.getByteArray(0, (int) length);
  }

  @Override
  public void close() {
    try {
      library.fido_dev_close(device);
      library.fido_dev_free(new PointerByReference(device));
    } finally {
      Reference.reachabilityFence(io);
    }
  }
}
