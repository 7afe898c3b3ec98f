package himmelblau.directory.internal.ids;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A security identifier; that of a cloud object is derived from its object id. */
record Sid(int revision, long authority, List<Long> subAuthorities) {
  private static final int MOST_PARTS = 15;

  Sid {
    subAuthorities = List.copyOf(subAuthorities);
  }

  /** {@code S-1-12-1-A-B-C-D}. */
  static Sid of(UUID objectId) {
    ByteBuffer bytes =
        ByteBuffer.allocate(16)
            .putLong(objectId.getMostSignificantBits())
            .putLong(objectId.getLeastSignificantBits());
    long a = Integer.toUnsignedLong(bytes.getInt(0));
    long b =
        Short.toUnsignedLong(bytes.getShort(6)) << 16 | Short.toUnsignedLong(bytes.getShort(4));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    long c = Integer.toUnsignedLong(bytes.getInt(8));
    long d = Integer.toUnsignedLong(bytes.getInt(12));
    return new Sid(1, 12, List.of(1L, a, b, c, d));
  }

  /** Empty when the text is not a SID with at least one sub-authority. */
  static Optional<Sid> parse(String text) {
    String[] parts = text.split("-", -1);
    if (parts.length < 4 || parts.length > 3 + MOST_PARTS || !parts[0].equals("S")) {
      return Optional.empty();
    }
    Optional<Long> revision = number(parts[1], 0xFF);
    Optional<Long> authority = number(parts[2], Long.MAX_VALUE);
    List<Long> rest = new ArrayList<>();
    for (int i = 3; i < parts.length; i++) {
      number(parts[i], 0xFFFF_FFFFL).ifPresent(rest::add);
    }
    return revision.isPresent() && authority.isPresent() && rest.size() == parts.length - 3
        ? Optional.of(new Sid(revision.get().intValue(), authority.get(), rest))
        : Optional.empty();
  }

  private static Optional<Long> number(String text, long most) {
    if (text.isEmpty() || text.length() > 19 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(text);
      return value <= most ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  long relativeId() {
    return subAuthorities.getLast();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("S-" + revision + "-" + authority);
    subAuthorities.forEach(part -> text.append('-').append(part));
    return text.toString();
  }
}
