package himmelblau.nssmap.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** XXH64, from its public specification. */
final class XxHash64 {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private XxHash64() {}

  static long hash(byte[] data, long seed) {
    return hash(data, 0, data.length, seed);
  }

  static long hash(byte[] data, int from, int length, long seed) {
    int at = from;
    int end = from + length;
    long h;
    if (length >= 32) {
      long a = seed + P1 + P2;
      long b = seed + P2;
      long c = seed;
      long d = seed - P1;
      for (; end - at >= 32; at += 32) {
        a = lane(a, (long) LONG.get(data, at));
        b = lane(b, (long) LONG.get(data, at + 8));
        c = lane(c, (long) LONG.get(data, at + 16));
        d = lane(d, (long) LONG.get(data, at + 24));
      }
      h =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      h = merge(merge(merge(merge(h, a), b), c), d);
    } else {
      h = seed + P5;
    }
    h += length;
    for (; end - at >= 8; at += 8) {
      h = Long.rotateLeft(h ^ lane(0, (long) LONG.get(data, at)), 27) * P1 + P4;
    }
    if (end - at >= 4) {
      h = Long.rotateLeft(h ^ Integer.toUnsignedLong((int) INT.get(data, at)) * P1, 23) * P2 + P3;
      at += 4;
    }
    for (; at < end; at++) {
      h = Long.rotateLeft(h ^ (data[at] & 0xffL) * P5, 11) * P1;
    }
    return avalanche(h);
  }

  /** Equal to the hash of the number's four little-endian bytes. */
  static long hash(int number, long seed) {
    long h = seed + P5 + 4;
    return avalanche(Long.rotateLeft(h ^ Integer.toUnsignedLong(number) * P1, 23) * P2 + P3);
  }

  private static long lane(long acc, long in) {
    return Long.rotateLeft(acc + in * P2, 31) * P1;
  }

  private static long merge(long acc, long v) {
    return (acc ^ lane(0, v)) * P1 + P4;
  }

  private static long avalanche(long h) {
    long x = (h ^ h >>> 33) * P2;
    x = (x ^ x >>> 29) * P3;
    return x ^ x >>> 32;
  }
}
