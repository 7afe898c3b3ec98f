package himmelblau.nssmap.internal;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Reads a logical file; every block is checked. Keeps the last one. Not thread-safe. */
final class BlockReader implements Closeable {
  private final FileChannel channel;
  private final MapHeader header;
  private final byte[] block = new byte[MapLayout.BLOCK_SIZE];
  private long number = -1;

  private BlockReader(FileChannel channel, MapHeader header) {
    this.channel = channel;
    this.header = header;
  }

  /** Opens a file; null when it is not a whole map of this version. */
  static @Nullable BlockReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean kept = false;
    try {
      byte[] first = new byte[MapLayout.BLOCK_SIZE];
      long size = channel.size();
      if (size < MapLayout.BLOCK_SIZE) {
        return null;
      }
      fill(channel, first, 0);
      MapHeader header = MapHeader.decode(first, size).orElse(null);
      if (header == null || !sumFits(first, header.generation())) {
        return null;
      }
      kept = true;
      return new BlockReader(channel, header);
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  MapHeader header() {
    return header;
  }

  byte[] read(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > header.size() - length) {
      throw new DamagedMap("a record is outside the file");
    }
    byte[] to = new byte[length];
    int done = 0;
    while (done < length) {
      long at = offset + done;
      load(at / MapLayout.PAYLOAD);
      int within = (int) (at % MapLayout.PAYLOAD);
      int part = Math.min(length - done, MapLayout.PAYLOAD - within);
      System.arraycopy(block, within, to, done, part);
      done += part;
    }
    return to;
  }

  ByteBuffer buffer(long offset, int length) throws IOException {
    return ByteBuffer.wrap(read(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void load(long wanted) throws IOException {
    if (wanted == number) {
      return;
    }
    number = -1;
    fill(channel, block, wanted * MapLayout.BLOCK_SIZE);
    if (!sumFits(block, header.generation() + wanted)) {
      throw new DamagedMap("block " + wanted + " is damaged");
    }
    number = wanted;
  }

  private static void fill(FileChannel channel, byte[] block, long at) throws IOException {
    ByteBuffer to = ByteBuffer.wrap(block);
    while (to.hasRemaining()) {
      if (channel.read(to, at + to.position()) < 0) {
        throw new EOFException("the map is truncated");
      }
    }
  }

  private static boolean sumFits(byte[] block, long seed) {
    return XxHash64.hash(block, 0, MapLayout.PAYLOAD, seed)
        == ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).getLong(MapLayout.PAYLOAD);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
