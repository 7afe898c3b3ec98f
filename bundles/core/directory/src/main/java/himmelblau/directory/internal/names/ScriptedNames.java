package himmelblau.directory.internal.names;

import himmelblau.api.store.Area;
import himmelblau.directory.internal.store.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Cache of the results of the name mapping script, so that it runs once for each name; empty
 * results, failures and impossible accounts are cached for half a minute. The number of parallel
 * runs and of cached names is limited, because anyone can ask for any name. If several names map to
 * one account, the first is shown. Thread-safe.
 */
public final class ScriptedNames {
  private static final Duration SHORTLY = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int AT_ONCE = 4;
  private static final int MOST_RECENT = 1024;
  private static final int MOST_KEPT = 10_000;

  private record Recent(MappingScript.Outcome outcome, long until) {}

  private final Area area;
  private final Map<String, CompletableFuture<MappingScript.Outcome>> running =
      new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final Map<String, Recent> recent =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Recent> eldest) {
          return size() > MOST_RECENT;
        }
      };

  public ScriptedNames(Area area) {
    this.area = area;
  }

  /** Runs the script for a name without a cached result, once for all concurrent callers. */
  MappingScript.Outcome ask(Path script, String name) {
    Optional<MappingScript.Outcome> lately = lately(name);
    if (lately.isPresent()) {
      return lately.get();
    }
    CompletableFuture<MappingScript.Outcome> own = new CompletableFuture<>();
    CompletableFuture<MappingScript.Outcome> other = running.putIfAbsent(name, own);
    MappingScript.Outcome outcome = new MappingScript.Outcome.Failed();
    try {
      if (other != null) {
        return other.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          outcome = noted(name, MappingScript.run(script, name));
        } finally {
          places.release();
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove(name, own);
      own.complete(outcome);
    }
    return outcome;
  }

  private Optional<MappingScript.Outcome> lately(String name) {
    synchronized (recent) {
      return Optional.ofNullable(recent.get(name))
          .filter(known -> System.nanoTime() - known.until() < 0)
          .map(Recent::outcome);
    }
  }

  private MappingScript.Outcome noted(String name, MappingScript.Outcome outcome) {
    synchronized (recent) {
      recent.put(name, new Recent(outcome, System.nanoTime() + SHORTLY.toNanos()));
    }
    return outcome;
  }

  Optional<String> upnOf(String name) {
    return area.read(
        connection ->
            Sql.first(
                connection,
                "SELECT upn FROM directory_scripted_names WHERE name = ?",
                row -> row.getString(1),
                UserKey.of(name)));
  }

  Optional<String> nameOf(String upn) {
    return area.read(
        connection ->
            Sql.first(
                connection,
                "SELECT name FROM directory_scripted_names WHERE upn = ?"
                    + " ORDER BY further, name",
                row -> row.getString(1),
                upn));
  }

  void remember(String typed, String account) {
    String name = UserKey.of(typed);
    String upn = account.toLowerCase(Locale.ROOT);
    area.write(
        connection -> {
          Sql.update(
              connection,
              "DELETE FROM directory_scripted_names WHERE upn NOT IN"
                  + " (SELECT upn FROM directory_people)"
                  + " AND (SELECT count(*) FROM directory_scripted_names) >= ?",
              MOST_KEPT);
          return Sql.update(
              connection,
              "INSERT OR REPLACE INTO directory_scripted_names (name, upn, further) VALUES (?1, ?2,"
                  + " EXISTS (SELECT 1 FROM directory_scripted_names"
                  + " WHERE upn = ?2 AND name <> ?1 AND further = 0))",
              name,
              upn);
        });
  }

  public void clear() {
    synchronized (recent) {
      recent.clear();
    }
    area.write(connection -> Sql.update(connection, "DELETE FROM directory_scripted_names"));
  }
}
