package himmelblau.directory.internal.ids;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;

/** Computes ids from names and object ids; bit-identical on every machine. */
public final class IdHash {
  private static final long NO_ID = 0xFFFF_FFFFL;
  private static final int SUB_COUNT = 65_536;

  private IdHash() {}

  /** Lower case first, then NFKC: the order matters. Empty when the range cannot hold an id. */
  public static OptionalLong ofName(String name, IdRange range) {
    long size = range.max() - range.min() + 1;
    if (range.max() < range.min() || size > NO_ID) {
      return OptionalLong.empty();
    }
    String folded = Normalizer.normalize(name.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
    return id(range, Integer.toUnsignedLong(Murmur3.hash(folded.getBytes(UTF_8))) % size);
  }

  /** The relative id of the object's SID; here the range's end is left out. */
  public static OptionalLong ofObjectId(UUID objectId, IdRange range) {
    return ofRelativeId(Sid.of(objectId).relativeId(), range);
  }

  static OptionalLong ofRelativeId(long relativeId, IdRange range) {
    long size = range.max() - range.min();
    return size <= 0 ? OptionalLong.empty() : id(range, relativeId % size);
  }

  private static OptionalLong id(IdRange range, long offset) {
    long id = range.min() + offset;
    return id == NO_ID ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /** First of the 65,536 subordinate ids of a login name. */
  static long subordinateStart(String name, IdRange range) {
    long slots = range.max() <= range.min() ? 0 : (range.max() - range.min()) / SUB_COUNT;
    if (slots == 0) {
      return range.min();
    }
    byte[] folded = name.toLowerCase(Locale.ROOT).getBytes(UTF_8);
    return range.min() + Integer.toUnsignedLong(Murmur3.hash(folded)) % slots * SUB_COUNT;
  }
}
