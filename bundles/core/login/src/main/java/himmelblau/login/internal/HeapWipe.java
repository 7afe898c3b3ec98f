package himmelblau.login.internal;

import himmelblau.api.log.Log;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Overwrites the data that sign-ins leave in the heap of the JVM. Secrets are wiped after use, but
 * a garbage collector that moves an array leaves the old bytes in place, and libraries keep input
 * buffers that cannot be wiped. Shortly after the last sign-in has ended, the heap is compacted,
 * and its free part is filled with zeroes and returned.
 */
final class HeapWipe {
  private static final Log LOG = Log.of(HeapWipe.class);
  private static final Duration QUIET = Duration.ofSeconds(2);

  // The young generation (-Xmn of the image) is filled twice over with small ones: its two survivor
  // spaces take turns, and at the end of each what no longer fits stays as it was.
  private static final int FINE = 256;
  private static final long YOUNG = 2L * 8 * 1024 * 1024;
  private static final int COARSE = 64 * 1024; // small enough to begin its life among the young
  private static final long BEYOND = 2L * 1024 * 1024; // than what is free, to reach its very end
  private static final long SPARED = 16L * 1024 * 1024; // others go on allocating
  private static final long MOST = 64L * 1024 * 1024;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lastEnd = new AtomicLong();
  private final AtomicBoolean waiting = new AtomicBoolean();

  /** Runs {@code work}, which may handle secrets. */
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
      waiting.set(false); // sign-ins that end from now on are handled by the next run
    }
    long begin = System.nanoTime();
    long bytes = sweep();
    LOG.debug("login.swept", "bytes", bytes, "millis", (System.nanoTime() - begin) / 1_000_000);
  }

  /** How many bytes were overwritten. */
  private long sweep() {
    System.gc(); // compacts the live objects; the rest is free now
    long filled = fill();
    System.gc(); // and gives the zeroes back
    return filled;
  }

  private long fill() {
    Runtime machine = Runtime.getRuntime();
    long free = machine.freeMemory();
    long room = machine.maxMemory() - machine.totalMemory() + free - SPARED;
    long bytes = Math.clamp(Math.min(free + BEYOND, room), 0, MOST);
    long fine = Math.min(bytes, YOUNG) / FINE;
    long coarse = Math.max(bytes - YOUNG, 0) / COARSE;
    byte[][] zeroes = new byte[Math.toIntExact(fine + coarse)][];
    long filled = 0;
    try {
      for (int i = 0; i < zeroes.length && running.get() == 0; i++) {
        zeroes[i] = new byte[i < fine ? FINE : COARSE]; // young ones that get old: all of the heap
        filled += zeroes[i].length;
      }
    } finally {
      Reference.reachabilityFence(zeroes); // alive until the last one is there
    }
    return filled;
  }
}
