package himmelblau.mfa.fido2.internal;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libfido2 (fido2 manual pages, section 3) that are used here; all exist since
 * version 1.9. C's {@code bool} is a {@code byte} in Java: the rest of the register is undefined.
 */
interface LibFido2 extends Library {
  /** The name that the dynamic linker knows; the number changes only with the binary interface. */
  String NAME = "libfido2.so.1";

  /** For {@link #fido_init}: no messages of the older protocol U2F. */
  int DISABLE_U2F_FALLBACK = 2;

  int OPTION_OMIT = 0;
  int OPTION_FALSE = 1;
  int OPTION_TRUE = 2;

  /** Loads the library; the result is kept by the caller. */
  static LibFido2 load() throws LinkageError {
    return Native.load(NAME, LibFido2.class);
  }

  /** Per thread. */
  void fido_init(int flags);

  @Nullable Pointer fido_dev_info_new(long entries);

  int fido_dev_info_manifest(Pointer list, long entries, LongByReference found);

  @Nullable Pointer fido_dev_info_ptr(Pointer list, long index);

  @Nullable String fido_dev_info_path(Pointer entry);

  @Nullable String fido_dev_info_product_string(Pointer entry);

  void fido_dev_info_free(PointerByReference list, long entries);

  @Nullable Pointer fido_dev_new();

  int fido_dev_set_io_functions(Pointer device, Io functions);

  int fido_dev_set_timeout(Pointer device, int milliseconds);

  int fido_dev_open(Pointer device, String path);

  int fido_dev_close(Pointer device);

  int fido_dev_cancel(Pointer device);

  void fido_dev_free(PointerByReference device);

  byte fido_dev_is_fido2(Pointer device);

  byte fido_dev_has_pin(Pointer device);

  byte fido_dev_has_uv(Pointer device);

  int fido_dev_get_retry_count(Pointer device, IntByReference tries);

  int fido_dev_get_touch_begin(Pointer device);

  int fido_dev_get_touch_status(Pointer device, IntByReference touched, int milliseconds);

  @Nullable Pointer fido_assert_new();

  int fido_assert_set_rp(Pointer assertion, String relyingParty);

  int fido_assert_set_clientdata_hash(Pointer assertion, byte[] hash, long length);

  int fido_assert_allow_cred(Pointer assertion, byte[] id, long length);

  int fido_assert_set_up(Pointer assertion, int option);

  int fido_assert_set_uv(Pointer assertion, int option);

  int fido_dev_get_assert(Pointer device, Pointer assertion, @Nullable Pointer pin);

  long fido_assert_count(Pointer assertion);

  @Nullable Pointer fido_assert_id_ptr(Pointer assertion, long index);

  long fido_assert_id_len(Pointer assertion, long index);

  @Nullable Pointer fido_assert_authdata_ptr(Pointer assertion, long index);

  long fido_assert_authdata_len(Pointer assertion, long index);

  @Nullable Pointer fido_assert_sig_ptr(Pointer assertion, long index);

  long fido_assert_sig_len(Pointer assertion, long index);

  @Nullable Pointer fido_assert_user_id_ptr(Pointer assertion, long index);

  long fido_assert_user_id_len(Pointer assertion, long index);

  void fido_assert_free(PointerByReference assertion);

  /** fido_dev_io_t. */
  @Structure.FieldOrder({"open", "close", "read", "write"})
  final class Io extends Structure {
    public Open open;
    public Close close;
    public Read read;
    public Write write;

    Io(Open open, Close close, Read read, Write write) {
      this.open = open;
      this.close = close;
      this.read = read;
      this.write = write;
    }
  }

  /** fido_dev_io_open_t. */
  interface Open extends Callback {
    @Nullable Pointer invoke(String path);
  }

  /** fido_dev_io_close_t. */
  interface Close extends Callback {
    void invoke(Pointer handle);
  }

  /** fido_dev_io_read_t. */
  interface Read extends Callback {
    int invoke(Pointer handle, Pointer buffer, long length, int milliseconds);
  }

  /** fido_dev_io_write_t. */
  interface Write extends Callback {
    int invoke(Pointer handle, Pointer buffer, long length);
  }
}
