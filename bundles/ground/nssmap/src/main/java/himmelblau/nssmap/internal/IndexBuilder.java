package himmelblau.nssmap.internal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Collects the entries of one index and writes its table. */
final class IndexBuilder {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private long[] hashes = new long[16];
  private int[] tags = new int[16];
  private int[] references = new int[16];
  private int count;

  /** Adds a text or an object id. */
  void add(byte[] key, long seed, long offset) {
    long hash = XxHash64.hash(key, seed);
    add(hash, (int) (hash >>> 32), offset);
  }

  /** Adds a uid or a gid. */
  void add(int number, long seed, long offset) {
    add(XxHash64.hash(number, seed), number, offset);
  }

  private void add(long hash, int tag, long offset) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
      tags = Arrays.copyOf(tags, count * 2);
      references = Arrays.copyOf(references, count * 2);
    }
    hashes[count] = hash;
    tags[count] = tag;
    references[count] = Math.toIntExact(Math.floorDiv(offset, 8L));
    count++;
  }

  /** The number of slots: a power of two, at least twice the entries. */
  int slots() {
    return Math.max(2, Integer.highestOneBit(Math.max(1, Math.multiplyExact(count, 2) - 1)) * 2);
  }

  void writeTo(BlockWriter out) throws IOException {
    int slots = slots();
    byte[] table = new byte[Math.multiplyExact(slots, MapLayout.SLOT_SIZE)];
    for (int i = 0; i < count; i++) {
      int slot = (int) (hashes[i] & (slots - 1));
      while ((int) INT.get(table, slot * MapLayout.SLOT_SIZE + 4) != 0) {
        slot = (slot + 1) & (slots - 1);
      }
      INT.set(table, slot * MapLayout.SLOT_SIZE, tags[i]);
      INT.set(table, slot * MapLayout.SLOT_SIZE + 4, references[i]);
    }
    out.write(table, 0, table.length);
  }
}
