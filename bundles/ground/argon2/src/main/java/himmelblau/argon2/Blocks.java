package himmelblau.argon2;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;

/**
 * The memory of one derivation at a time. A derivation fills tens of MiB: left to the collector,
 * that would be garbage in the oldest corner of the heap, and the process would grow to its limit.
 * So the blocks of one derivation serve the next, wiped; when no PIN was entered for a while they
 * are given back to the system.
 */
final class Blocks implements BlockPool {
  private static final Duration KEPT = Duration.ofMillis(1500);

  // Guarded by the class: the unused blocks, and whether a thread waits to release them.
  private static final List<Blocks> IDLE = new ArrayList<>();
  private static boolean watched;
  private static long lastUse;

  private final ArrayDeque<Block> free = new ArrayDeque<>();

  private Blocks() {}

  static synchronized Blocks take() {
    return IDLE.isEmpty() ? new Blocks() : IDLE.removeLast();
  }

  /** After the generator has returned every block. */
  static synchronized void giveBack(Blocks blocks) {
    IDLE.add(blocks);
    lastUse = System.nanoTime();
    if (!watched) {
      watched = true;
      Thread.ofVirtual().name("argon2-memory").start(Blocks::release);
    }
  }

  @Override
  public Block allocate() {
    Block block = free.poll();
    return block == null ? new Block() : block;
  }

  @Override
  public void deallocate(Block block) {
    free.push(block.clear());
  }

  private static void release() {
    try {
      for (long left = KEPT.toNanos(); left > 0; left = left()) {
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // No user is at a prompt now: the heap can be reduced.
    System.gc();
  }

  /** Nanoseconds until the blocks are dropped; 0 when they just were. */
  private static synchronized long left() {
    long left = KEPT.toNanos() - (System.nanoTime() - lastUse);
    if (left <= 0) {
      IDLE.clear();
      watched = false;
    }
    return Math.max(left, 0);
  }

  static synchronized int idle() {
    return IDLE.size();
  }
}
