package himmelblau.tasks.subid.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Where the subordinate ids of a user begin (host-behaviour 4.8). */
final class SubidRanges {
  /** Ids for each user. */
  static final long COUNT = 65536;

  private static final int SEED = 0xDEADBEEF;
  private static final long LAST = 0xFFFF_FFFEL;

  private final long min;
  private final long slots;

  /** Both ends as in {@code subid_range}. */
  SubidRanges(long min, long max) {
    this.min = min;
    this.slots = max <= min ? 0 : (max - min) / COUNT;
  }

  /** Both ends from {@code MIN-MAX}. */
  static SubidRanges of(String range) {
    int dash = range.indexOf('-');
    return new SubidRanges(
        Long.parseLong(range.substring(0, dash)), Long.parseLong(range.substring(dash + 1)));
  }

  /** Ids that are taken, from {@code start} on. */
  record Taken(long start, long count) {
    boolean overlaps(long other) {
      return start < other + COUNT && other < start + count;
    }
  }

  /**
   * Why no ids can be assigned from this range: a user who may map an id of the host can act as its
   * owner.
   */
  Optional<String> obstacle() {
    if (min < COUNT) {
      return Optional.of(
          "subid_range begins at "
              + min
              + ", but ids below "
              + COUNT
              + " are reserved for the host");
    }
    return min + Math.max(slots, 1) * COUNT - 1 > LAST
        ? Optional.of("subid_range ends after " + LAST + ", the largest id")
        : Optional.empty();
  }

  /** The slot that the name alone leads to. */
  long preferred(String name) {
    return slots == 0 ? min : min + index(name) * COUNT;
  }

  /** The preferred slot, or the next one that is free; empty when none is. */
  OptionalLong free(String name, List<Taken> taken) {
    if (slots == 0) {
      return isFree(min, taken) ? OptionalLong.of(min) : OptionalLong.empty();
    }
    long first = index(name);
    for (long i = 0; i < slots; i++) {
      long start = min + (first + i) % slots * COUNT;
      if (isFree(start, taken)) {
        return OptionalLong.of(start);
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isFree(long start, List<Taken> taken) {
    return taken.stream().noneMatch(each -> each.overlaps(start));
  }

  private long index(String name) {
    byte[] bytes = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return Integer.toUnsignedLong(murmur3(bytes)) % slots;
  }

  /** MurmurHash3, x86, 32 bits (Austin Appleby, public domain). */
  static int murmur3(byte[] bytes) {
    int hash = SEED;
    int whole = bytes.length / 4 * 4;
    for (int i = 0; i < whole; i += 4) {
      int block =
          (bytes[i] & 0xff)
              | ((bytes[i + 1] & 0xff) << 8)
              | ((bytes[i + 2] & 0xff) << 16)
              | ((bytes[i + 3] & 0xff) << 24);
      hash = Integer.rotateLeft(hash ^ scramble(block), 13) * 5 + 0xe6546b64;
    }
    int tail = 0;
    for (int i = bytes.length - 1; i >= whole; i--) {
      tail = (tail << 8) | (bytes[i] & 0xff);
    }
    hash ^= scramble(tail) ^ bytes.length;
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  private static int scramble(int block) {
    return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
  }
}
