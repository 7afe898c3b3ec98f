package himmelblau.nssmap.internal;

import himmelblau.nssmap.internal.MapLayout.Section;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The first 256 bytes of a map file.
 *
 * @param sections offset and slots or bytes of each section, in the order of {@link Section}
 */
record MapHeader(
    int kind,
    long generation,
    long baseGeneration,
    long size,
    long seed,
    long created,
    long validUntil,
    long[] sections,
    long users,
    long groups,
    long negatives) {

  long offset(Section section) {
    return sections[2 * section.place];
  }

  /** Slots of an index, bytes of records. */
  long extent(Section section) {
    return sections[2 * section.place + 1];
  }

  long blocks() {
    return (size + MapLayout.PAYLOAD - 1) / MapLayout.PAYLOAD;
  }

  byte[] encode() {
    ByteBuffer to = ByteBuffer.allocate(MapLayout.HEADER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    to.putLong(MapLayout.MAGIC).putInt(MapLayout.VERSION).putInt(MapLayout.HEADER_SIZE);
    to.putInt(kind).putInt(0).putLong(generation).putLong(baseGeneration);
    to.putLong(size).putLong(blocks()).putLong(seed).putLong(created).putLong(validUntil);
    for (long value : sections) {
      to.putLong(value);
    }
    to.putLong(users).putLong(groups).putLong(negatives);
    return to.array();
  }

  /** Empty when this is not a header of this version. */
  static Optional<MapHeader> decode(byte[] block, long fileSize) {
    ByteBuffer from = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    if (from.getLong() != MapLayout.MAGIC
        || from.getInt() != MapLayout.VERSION
        || from.getInt() != MapLayout.HEADER_SIZE) {
      return Optional.empty();
    }
    int kind = from.getInt();
    from.getInt();
    long generation = from.getLong();
    long baseGeneration = from.getLong();
    long size = from.getLong();
    long blocks = from.getLong();
    long seed = from.getLong();
    long created = from.getLong();
    long validUntil = from.getLong();
    long[] sections = new long[2 * Section.values().length];
    Arrays.setAll(sections, i -> from.getLong());
    MapHeader header =
        new MapHeader(
            kind,
            generation,
            baseGeneration,
            size,
            seed,
            created,
            validUntil,
            sections,
            from.getLong(),
            from.getLong(),
            from.getLong());
    return header.fits(blocks, fileSize) ? Optional.of(header) : Optional.empty();
  }

  private boolean fits(long blocks, long fileSize) {
    if (size < MapLayout.HEADER_SIZE
        || blocks != blocks()
        || fileSize != blocks * MapLayout.BLOCK_SIZE) {
      return false;
    }
    for (Section section : Section.values()) {
      long unit = section.compareTo(Section.USERS) < 0 ? MapLayout.SLOT_SIZE : 1;
      long offset = offset(section);
      long extent = extent(section);
      if (offset < MapLayout.HEADER_SIZE
          || offset % 8 != 0
          || offset > size
          || extent < 0
          || extent > (size - offset) / unit
          || (unit > 1 && Long.bitCount(extent) != 1)) {
        return false;
      }
    }
    return true;
  }
}
