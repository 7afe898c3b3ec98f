package himmelblau.login.internal;

import himmelblau.api.log.Log;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Overwrites what sign-ins leave behind in the memory of the virtual machine. We wipe our own
 * arrays, but a collector that moves an array leaves its old bytes in place, and libraries keep
 * blocks of their input that nobody can reach to wipe. A moment after the last sign-in has ended
 * the heap is compacted and its free part is filled with zeroes, then given back.
 */
final class Residue {
  private static final Log LOG = Log.of(Residue.class);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final int CHUNK = 64 * 1024; // small enough to begin its life among the young
  private static final long MARGIN = 1024 * 1024; // others go on allocating

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lastEnd = new AtomicLong();
  private final AtomicBoolean waiting = new AtomicBoolean();

  /** Does {@code work}, which may handle secrets. */
  <T> T after(Callable<T> work) throws Exception {
    running.incrementAndGet();
    try {
      return work.call();
    } finally {
      lastEnd.set(System.nanoTime());
      running.decrementAndGet();
      if (waiting.compareAndSet(false, true)) {
        Thread.ofVirtual().name("residue").start(this::awaitQuiet);
      }
    }
  }

  private void awaitQuiet() {
    try {
      long left = QUIET.toNanos();
      while (running.get() > 0 || left > 0) {
        Thread.sleep(Duration.ofNanos(Math.max(left, QUIET.toNanos() / 3)));
        left = QUIET.toNanos() - (System.nanoTime() - lastEnd.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      waiting.set(false); // what ends from here on is swept by a successor
    }
    long begin = System.nanoTime();
    long bytes = sweep();
    LOG.debug("login.swept", "bytes", bytes, "millis", (System.nanoTime() - begin) / 1_000_000);
  }

  /** How many bytes were overwritten. */
  private long sweep() {
    System.gc(); // moves what is alive together; all else is free now
    int filled = fill();
    System.gc(); // and gives the zeroes back
    return (long) filled * CHUNK;
  }

  private int fill() {
    long free = Runtime.getRuntime().freeMemory() - MARGIN;
    byte[][] zeroes = new byte[Math.clamp(free / CHUNK, 0, 1024)][];
    int filled = 0;
    try {
      while (filled < zeroes.length && running.get() == 0) {
        zeroes[filled++] = new byte[CHUNK]; // young ones that get old: all parts of the heap
      }
    } finally {
      Reference.reachabilityFence(zeroes); // alive until the last one is there
    }
    return filled;
  }
}
