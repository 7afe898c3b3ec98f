package himmelblau.login.internal.admission;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Picture;
import himmelblau.api.domain.Session;
import himmelblau.api.log.Log;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Copies the pictures of users to the greeter (host-behaviour 6.7), in the background: no sign-in
 * waits for it, and none fails because of it. Thread-safe.
 */
final class PictureUpdates {
  private static final Log LOG = Log.of(PictureUpdates.class);
  private static final Duration BUDGET = Duration.ofMinutes(1);
  private static final Duration FRESH = Duration.ofHours(1);
  private static final int AT_ONCE = 4;
  private static final int MOST_KNOWN = 1024;
  private static final int MOST_BYTES = 60_000; // docs/protocol/tasks.md

  private final SignInEnvironment environment;
  private final Path icons;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Map<UUID, Long> asked = new LinkedHashMap<>();

  /**
   * @param icons the directory in which AccountsService stores pictures; without it they are not
   *     shown
   */
  PictureUpdates(SignInEnvironment environment, Path icons) {
    this.environment = environment;
    this.icons = icons;
  }

  /** Starts to fetch the picture, unless that was done lately. */
  void show(Account account, Session session) {
    Optional<RootTasks> tasks = environment.tasks().get().filter(RootTasks::available);
    if (!environment.logon().get().picture()
        || tasks.isEmpty()
        || Files.notExists(icons)
        || account.objectId().isEmpty()
        || !due(account.objectId().get())) {
      return;
    }
    session
        .feature(Picture.class)
        .ifPresent(
            picture ->
                Thread.ofVirtual()
                    .name("picture")
                    .start(() -> bring(account, picture, tasks.get())));
  }

  private synchronized boolean due(UUID user) {
    long now = System.nanoTime();
    Long last = asked.get(user);
    if (last != null && now - last < FRESH.toNanos()) {
      return false;
    }
    asked.remove(user); // and to the end of the line
    asked.put(user, now);
    if (asked.size() > MOST_KNOWN) {
      asked.remove(asked.keySet().iterator().next());
    }
    return true;
  }

  private void bring(Account account, Picture picture, RootTasks tasks) {
    try (picture) {
      places.acquire();
      try {
        Optional<byte[]> photo = picture.fetch(MOST_BYTES);
        if (photo.isEmpty()) {
          LOG.debug("login.picture", "account", account.name(), "why", "there is none");
          return;
        }
        TaskResult result = tasks.run(request(account, photo.get()));
        LOG.info(
            "login.picture",
            "account",
            account.name(),
            "status",
            result.status(),
            "detail",
            result.detail());
      } finally {
        places.release();
      }
    } catch (DomainUnavailable e) {
      LOG.warn("login.picture", "account", account.name(), "why", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("login.picture", e, "account", account.name());
    }
  }

  private static TaskRequest request(Account account, byte[] photo) {
    return new TaskRequest(
        "picture",
        Map.of(
            "user",
            account.passwd().name().getBytes(StandardCharsets.UTF_8),
            "uid",
            Long.toString(account.passwd().uid()).getBytes(StandardCharsets.US_ASCII),
            "photo",
            photo),
        BUDGET);
  }
}
