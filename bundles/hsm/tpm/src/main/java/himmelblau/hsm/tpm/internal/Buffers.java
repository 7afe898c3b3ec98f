package himmelblau.hsm.tpm.internal;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Native memory for one command; wiped and freed at its end. */
final class Buffers implements AutoCloseable {
  // Larger than every structure of tss2_tpm2_types.h that we pass.
  private static final int STRUCTURE = 6144;

  private final List<Memory> used = new ArrayList<>();

  /** A function of the marshalling library. */
  interface Unmarshal {
    int from(byte[] buffer, long size, LongByReference offset, Pointer to);
  }

  /** A function of the marshalling library. */
  interface Marshal {
    int to(Pointer from, byte[] buffer, long size, LongByReference offset);
  }

  /** Zeroes. */
  Pointer empty() {
    Memory memory = new Memory(STRUCTURE);
    memory.clear();
    used.add(memory);
    return memory;
  }

  /** A TPM2B of bytes: length in the host's order, then the bytes. */
  Pointer sized(byte[] bytes) {
    Pointer memory = empty();
    memory.setShort(0, (short) bytes.length);
    memory.write(2, bytes, 0, bytes.length);
    return memory;
  }

  /** Memory that begins with these bytes. */
  Pointer raw(byte[] bytes) {
    Memory memory = new Memory(Math.max(STRUCTURE, bytes.length + 64));
    memory.clear();
    memory.write(0, bytes, 0, bytes.length);
    used.add(memory);
    return memory;
  }

  /** A structure from its byte format. */
  Pointer structure(String name, byte[] wire, Unmarshal unmarshal) throws TpmError {
    Pointer memory = empty();
    int code = unmarshal.from(wire, wire.length, new LongByReference(), memory);
    if (code != 0) {
      throw new TpmError(name, code);
    }
    return memory;
  }

  /** The byte format of a structure. */
  static byte[] bytes(String name, Pointer structure, Marshal marshal) throws TpmError {
    byte[] buffer = new byte[STRUCTURE];
    LongByReference offset = new LongByReference();
    int code = marshal.to(structure, buffer, buffer.length, offset);
    if (code != 0) {
      throw new TpmError(name, code);
    }
    return Arrays.copyOf(buffer, (int) offset.getValue());
  }

  /** The bytes of a TPM2B, which is wiped. */
  static byte[] take(Pointer sized) {
    int length = sized.getShort(0) & 0xffff;
    byte[] bytes = sized.getByteArray(2, length);
    sized.setMemory(2, length, (byte) 0);
    return bytes;
  }

  @Override
  public void close() {
    for (Memory memory : used) {
      memory.clear();
      memory.close();
    }
  }
}
