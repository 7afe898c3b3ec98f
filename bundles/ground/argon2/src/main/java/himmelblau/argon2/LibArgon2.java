package himmelblau.argon2;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import org.jspecify.annotations.Nullable;

/**
 * libargon2, the reference implementation of RFC 9106 ({@code argon2.h}, the same interface since
 * 2015). It computes outside the heap, in a third of the time that the first compiler's code takes;
 * it wipes its memory and gives it back before it returns.
 */
final class LibArgon2 implements Argon2id.Computation {
  /** The name that the dynamic linker knows; the number changes only with the binary interface. */
  static final String NAME = "libargon2.so.1";

  private static final int ARGON2_ID = 2;
  private static final int VERSION_13 = 0x13;
  private static final int OK = 0;

  private final Functions functions;

  private LibArgon2(Functions functions) {
    this.functions = functions;
  }

  static LibArgon2 load() throws LinkageError {
    return new LibArgon2(Native.load(NAME, Functions.class));
  }

  @Override
  public void derive(Argon2id cost, byte[] password, byte[] salt, byte[] secret, byte[] out) {
    try (Memory result = new Memory(out.length);
        Memory passwordCopy = copy(password);
        Memory saltCopy = copy(salt);
        Memory secretCopy = copy(secret)) {
      Context context = new Context();
      context.out = result;
      context.outlen = out.length;
      context.pwd = passwordCopy;
      context.pwdlen = password.length;
      context.salt = saltCopy;
      context.saltlen = salt.length;
      context.secret = secretCopy;
      context.secretlen = secret.length;
      context.t_cost = cost.passes();
      context.m_cost = cost.kibibytes();
      context.lanes = 1;
      context.threads = 1;
      context.version = VERSION_13;
      try {
        int code = functions.argon2_ctx(context, ARGON2_ID);
        if (code != OK) {
          throw new IllegalStateException("argon2: " + functions.argon2_error_message(code));
        }
        result.read(0, out, 0, out.length);
      } finally {
        result.clear();
        passwordCopy.clear();
        secretCopy.clear();
      }
    }
  }

  /** With a byte more, for there is no memory of no bytes. */
  private static Memory copy(byte[] bytes) {
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    return memory;
  }

  interface Functions extends Library {
    int argon2_ctx(Context context, int type);

    String argon2_error_message(int code);
  }

  /** {@code struct Argon2_Context}: sizes are unsigned 32-bit numbers. */
  @FieldOrder({
    "out",
    "outlen",
    "pwd",
    "pwdlen",
    "salt",
    "saltlen",
    "secret",
    "secretlen",
    "ad",
    "adlen",
    "t_cost",
    "m_cost",
    "lanes",
    "threads",
    "version",
    "allocate_cbk",
    "free_cbk",
    "flags"
  })
  public static final class Context extends Structure {
    public @Nullable Pointer out;
    public int outlen;
    public @Nullable Pointer pwd;
    public int pwdlen;
    public @Nullable Pointer salt;
    public int saltlen;
    public @Nullable Pointer secret;
    public int secretlen;
    public @Nullable Pointer ad;
    public int adlen;
    public int t_cost;
    public int m_cost;
    public int lanes;
    public int threads;
    public int version;
    public @Nullable Pointer allocate_cbk;
    public @Nullable Pointer free_cbk;
    public int flags;
  }
}
