package himmelblau.nssmap.internal;

import himmelblau.api.directory.LookupMap;
import himmelblau.api.log.Log;
import himmelblau.nssmap.internal.MapFileWriter.HeaderFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A base and a delta. Small changes are written to the delta only; when it has grown, a new base is
 * written while changes continue: they apply to both the old base and the new one until the new one
 * is complete.
 */
final class NssMap implements LookupMap, AutoCloseable {
  private static final Log LOG = Log.of(NssMap.class);

  /** Without a signal from the daemon for this time, readers stop using the map. */
  static final Duration LIFETIME = Duration.ofDays(2);

  private static final long SMALLEST_LIMIT = 256 << 10;
  private static final long LARGEST_LIMIT = 4 << 20;

  private final MapDirectory directory;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock rebuilding = new ReentrantLock();
  private final AtomicBoolean rebasing = new AtomicBoolean();

  // Guarded by this:
  private long lastGeneration;
  private @Nullable MapFileReader base;
  private long baseSize;
  private MapDelta delta = new MapDelta();
  private @Nullable List<Change> meanwhile; // while a new base is being written

  NssMap(Path folder, Clock clock) throws IOException {
    this.directory = new MapDirectory(folder);
    this.clock = clock;
    this.base = directory.open(MapDirectory.BASE).orElse(null);
    long newest = base == null ? 0 : base.header().generation();
    Optional<MapFileReader> old = directory.open(MapDirectory.DELTA);
    if (old.isPresent()) {
      newest = Math.max(newest, old.get().header().generation());
      old.get().close();
    }
    this.lastGeneration = newest;
  }

  @Override
  public synchronized long generation() {
    return lastGeneration;
  }

  @Override
  public void publish(Content content) {
    rebuilding.lock();
    try {
      Instant begun = clock.instant();
      rebuild(() -> new MapSource.Published(content));
      LOG.info(
          "nssmap.published",
          "generation",
          generation(),
          "bytes",
          directory.size(MapDirectory.BASE),
          "millis",
          Duration.between(begun, clock.instant()).toMillis());
    } catch (IOException e) {
      throw failed(e);
    } finally {
      rebuilding.unlock();
    }
  }

  @Override
  public void merge(Change change) {
    boolean large;
    try {
      synchronized (this) {
        Change fit = ValidEntries.of(change);
        if (base == null) {
          replaceBase(write(MapDirectory.BASE, MapLayout.BASE, ++lastGeneration, out -> {}));
        }
        delta.merge(fit, base);
        if (meanwhile != null) {
          meanwhile.add(fit);
        }
        large = writeDelta() > limit();
      }
    } catch (IOException e) {
      throw failed(e);
    }
    if (large && rebasing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("nssmap-rebase").start(this::rebase);
    }
  }

  @Override
  public synchronized void localNames(Set<String> names) {
    try {
      directory.write(
          MapDirectory.LOCAL_NAMES,
          names.stream().sorted().map(name -> name + "\n").collect(Collectors.joining()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Signals to readers that the map is still maintained. */
  synchronized void touch() {
    try {
      if (base != null) {
        writeDelta();
      }
    } catch (IOException e) {
      LOG.error("nssmap.write_failed", e);
    }
  }

  private void rebase() {
    rebuilding.lock();
    try (MapFileReader old = directory.open(MapDirectory.BASE).orElseThrow(this::noBase)) {
      rebuild(() -> new MapSource.Rebased(old, delta.copy()));
      LOG.info("nssmap.rebased", "generation", generation());
    } catch (IOException | RuntimeException e) {
      LOG.error("nssmap.rebase_failed", e);
    } finally {
      rebasing.set(false);
      rebuilding.unlock();
    }
  }

  /**
   * Writes a new base while changes continue, then applies them to it. The content of the base is
   * fixed at the moment from which changes are collected.
   */
  private void rebuild(Supplier<MapSource> begin) throws IOException {
    long generation;
    MapSource source;
    synchronized (this) {
      source = begin.get();
      generation = ++lastGeneration;
      meanwhile = new ArrayList<>();
    }
    try {
      long size = write(MapDirectory.BASE, MapLayout.BASE, generation, source);
      synchronized (this) {
        List<Change> changes = meanwhile == null ? List.of() : meanwhile;
        replaceBase(size);
        delta.merge(new Change(List.of(), List.of(), source.missing(), List.of()), base);
        for (Change change : changes) {
          delta.merge(change, base);
        }
        writeDelta();
      }
    } finally {
      synchronized (this) {
        meanwhile = null;
      }
    }
  }

  /** The new base, written beside the old one, takes its place; nothing is on top of it yet. */
  private void replaceBase(long size) throws IOException {
    directory.replace(MapDirectory.BASE);
    MapFileReader fresh = directory.open(MapDirectory.BASE).orElseThrow(this::noBase);
    if (base != null) {
      base.close();
    }
    base = fresh;
    baseSize = size;
    delta = new MapDelta();
  }

  private long writeDelta() throws IOException {
    long size =
        write(
            MapDirectory.DELTA,
            MapLayout.DELTA,
            ++lastGeneration,
            out -> delta.writeTo(out, clock.instant()));
    directory.replace(MapDirectory.DELTA);
    return size;
  }

  /** Writes a file beside; returns its size. */
  private long write(String name, int kind, long generation, MapSource source) throws IOException {
    long now = clock.instant().getEpochSecond();
    MapFileReader under = base;
    long baseGeneration =
        kind == MapLayout.BASE || under == null ? generation : under.header().generation();
    HeaderFields header =
        new HeaderFields(
            kind, generation, baseGeneration, random.nextLong(), now, now + LIFETIME.toSeconds());
    try (MapFileWriter out =
        new MapFileWriter(new BlockWriter(directory.beside(name), generation), header)) {
      source.writeTo(out);
      out.finish();
      return out.size();
    } catch (UncheckedIOException e) {
      directory.discard(name);
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      directory.discard(name);
      throw e;
    }
  }

  /** Beyond this size of the delta a new base pays off. */
  private long limit() {
    return Math.clamp(baseSize / 8, SMALLEST_LIMIT, LARGEST_LIMIT);
  }

  private IOException noBase() {
    return new DamagedMap("the base just written cannot be read");
  }

  private static UncheckedIOException failed(IOException e) {
    LOG.error("nssmap.write_failed", e);
    return new UncheckedIOException(e);
  }

  @Override
  public synchronized void close() throws IOException {
    if (base != null) {
      base.close();
    }
    base = null;
  }
}
