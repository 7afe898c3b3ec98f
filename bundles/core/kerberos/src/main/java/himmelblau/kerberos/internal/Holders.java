package himmelblau.kerberos.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Who has tickets, by uid. Thread-safe. */
final class Holders {
  private final HolderFiles files;
  private final Map<Long, Holder> known = new TreeMap<>();
  private long puts; // so far

  Holders(HolderFiles files) {
    this.files = files;
    for (Holder holder : files.all()) {
      known.put(holder.uid(), holder);
    }
  }

  synchronized List<Holder> all() {
    return List.copyOf(known.values());
  }

  synchronized void put(Holder holder) {
    known.put(holder.uid(), holder);
    files.write(holder);
    puts++;
    notifyAll();
  }

  synchronized void remove(long uid) {
    known.remove(uid);
    files.delete(uid);
  }

  /** Who else than {@code uid} has tickets of that principal. */
  synchronized Optional<Holder> other(long uid, String principal) {
    return known.values().stream()
        .filter(holder -> holder.uid() != uid && holder.principals().contains(principal))
        .findFirst();
  }

  /** Returns when there is somebody; what it returns is for {@link #awaitPut}. */
  synchronized long await() throws InterruptedException {
    while (known.isEmpty()) {
      wait();
    }
    return puts;
  }

  /**
   * Returns when tickets were written since {@code await} returned {@code seen}, and after {@code
   * longest} at the latest.
   */
  synchronized void awaitPut(long seen, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (long left = longest.toNanos(); puts == seen && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
