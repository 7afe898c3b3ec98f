package himmelblau.nssmap.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Writes a logical file, block by block with checksums; the first block last, when its header is
 * known.
 */
final class BlockWriter implements Closeable {
  private static final int BATCH = 64;

  private final FileChannel channel;
  private final long generation;
  private final byte[] first = new byte[MapLayout.BLOCK_SIZE];
  private final byte[] block = new byte[MapLayout.BLOCK_SIZE];
  private final ByteBuffer batch =
      ByteBuffer.allocate(BATCH * MapLayout.BLOCK_SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private long number;
  private int used = MapLayout.HEADER_SIZE;

  /** Begins behind the header. */
  BlockWriter(FileChannel channel, long generation) {
    this.channel = channel;
    this.generation = generation;
  }

  /** The logical offset of the next byte. */
  long position() {
    return number * MapLayout.PAYLOAD + used;
  }

  void write(byte[] data, int from, int length) throws IOException {
    int at = from;
    int left = length;
    while (left > 0) {
      int part = Math.min(left, MapLayout.PAYLOAD - used);
      System.arraycopy(data, at, number == 0 ? first : block, used, part);
      at += part;
      left -= part;
      used += part;
      if (used == MapLayout.PAYLOAD) {
        endBlock();
      }
    }
  }

  /** Completes the file with its header and forces it to the disk. */
  void finish(MapHeader header) throws IOException {
    if (used > 0) {
      endBlock();
    }
    flush();
    System.arraycopy(header.encode(), 0, first, 0, MapLayout.HEADER_SIZE);
    batch.put(first, 0, MapLayout.PAYLOAD);
    batch.putLong(XxHash64.hash(first, 0, MapLayout.PAYLOAD, generation));
    batch.flip();
    for (long at = 0; batch.hasRemaining(); ) {
      at += channel.write(batch, at);
    }
    channel.force(true);
  }

  private void endBlock() throws IOException {
    if (number > 0) {
      if (used < MapLayout.PAYLOAD) {
        Arrays.fill(block, used, MapLayout.PAYLOAD, (byte) 0);
      }
      batch.put(block, 0, MapLayout.PAYLOAD);
      batch.putLong(XxHash64.hash(block, 0, MapLayout.PAYLOAD, generation + number));
      if (!batch.hasRemaining()) {
        flush();
      }
    } else {
      channel.position(MapLayout.BLOCK_SIZE);
    }
    number++;
    used = 0;
  }

  private void flush() throws IOException {
    batch.flip();
    while (batch.hasRemaining()) {
      channel.write(batch);
    }
    batch.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
