package himmelblau.directory.internal.map;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The shown names of all users by row id, so that the members of all groups can be named without
 * reading a user for each membership. A million names take about 35 MB. Not thread-safe.
 */
final class ShownNames {
  private static final int BLOCK = 1 << 16; // a name is far shorter, and never in two of them
  private static final int LENGTH = 2; // bytes before each name

  private final List<byte[]> blocks = new ArrayList<>();
  private int used = BLOCK; // of the last block
  private final long[] rows;
  private final int[] places;
  private int count;

  /**
   * @param most the maximum number of names
   */
  ShownNames(long most) {
    rows = new long[Math.toIntExact(most)];
    places = new int[Math.toIntExact(most)];
  }

  /** In the order of the rows. */
  void add(long row, String name) {
    if (count > 0 && rows[count - 1] >= row) {
      throw new IllegalArgumentException("row " + row + " is out of order");
    }
    byte[] text = name.getBytes(UTF_8);
    if (used + LENGTH + text.length > BLOCK) {
      blocks.add(new byte[BLOCK]);
      used = 0;
    }
    byte[] block = blocks.getLast();
    block[used] = (byte) (text.length >> 8);
    block[used + 1] = (byte) text.length;
    System.arraycopy(text, 0, block, used + LENGTH, text.length);
    rows[count] = row;
    places[count] = Math.addExact((blocks.size() - 1) * BLOCK, used);
    used += LENGTH + text.length;
    count++;
  }

  /** Empty for a row whose user is not shown. */
  Optional<String> of(long row) {
    int found = Arrays.binarySearch(rows, 0, count, row);
    if (found < 0) {
      return Optional.empty();
    }
    byte[] block = blocks.get(places[found] / BLOCK);
    int at = places[found] % BLOCK;
    int length = ((block[at] & 0xff) << 8) | (block[at + 1] & 0xff);
    return Optional.of(new String(block, at + LENGTH, length, UTF_8));
  }
}
