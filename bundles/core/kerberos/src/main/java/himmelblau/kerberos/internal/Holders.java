package himmelblau.kerberos.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who has tickets, by uid. Thread-safe. */
final class Holders {
  private final HolderFiles files;
  private final Map<Long, Holder> known = new TreeMap<>();

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

  /** Returns when there is somebody. */
  synchronized void await() throws InterruptedException {
    while (known.isEmpty()) {
      wait();
    }
  }
}
