package himmelblau.directory.internal.ids;

/** MurmurHash3 x86 32-bit, from its public specification, with the seed for ids. */
final class Murmur3 {
  private static final int SEED = 0xDEADBEEF;
  private static final int C1 = 0xCC9E2D51;
  private static final int C2 = 0x1B873593;

  private Murmur3() {}

  static int hash(byte[] data) {
    int h = SEED;
    int whole = data.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k =
          (data[i] & 0xff)
              | (data[i + 1] & 0xff) << 8
              | (data[i + 2] & 0xff) << 16
              | data[i + 3] << 24;
      h = Integer.rotateLeft(h ^ mix(k), 13) * 5 + 0xE6546B64;
    }
    int rest = 0;
    for (int i = data.length - 1; i >= whole; i--) {
      rest = rest << 8 | (data[i] & 0xff);
    }
    if (whole < data.length) {
      h ^= mix(rest);
    }
    h ^= data.length;
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }

  private static int mix(int k) {
    return Integer.rotateLeft(k * C1, 15) * C2;
  }
}
