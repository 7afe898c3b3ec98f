package himmelblau.directory.internal.ids;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An inclusive range of ids, as in {@code idmap_range}. */
public record IdRange(long min, long max) {
  public static final IdRange DEFAULT = new IdRange(200_000, 2_000_200_000L);

  private static final Pattern FORM = Pattern.compile("\\s*(\\d{1,10})\\s*-\\s*(\\d{1,10})\\s*");

  public static Optional<IdRange> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    IdRange range = new IdRange(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
    return range.max > 0xFFFF_FFFFL ? Optional.empty() : Optional.of(range);
  }

  public boolean overlaps(IdRange other) {
    return min <= other.max && other.min <= max;
  }

  @Override
  public String toString() {
    return min + "-" + max;
  }
}
