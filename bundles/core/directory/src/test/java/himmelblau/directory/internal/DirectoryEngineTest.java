package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.plugin.PluginRank;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.DomainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that are added, removed and replaced while there are users. */
class DirectoryEngineTest {
  @TempDir Path folder;

  @Test
  void oneOwnerReplacedByAnotherThatSaysTheSameLeavesTheDomain() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      DomainSettings same = DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT);
      Object fresh = new Object();
      fixture.engine.add(fresh, same);
      fixture.engine.remove(DirectoryFixture.DOMAIN); // the old owner goes last
      assertTrue(fixture.engine.setup().domains().configured(DirectoryFixture.DOMAIN));
      fixture.engine.remove(fresh);
      assertTrue(!fixture.engine.setup().domains().configured(DirectoryFixture.DOMAIN));
    }
  }

  @Test
  void aShortTimeWithoutTheDomainChangesNothing() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      AccountName name = DirectoryFixture.name("user02");
      fixture.engine.remove(DirectoryFixture.DOMAIN);
      assertThrows(
          DirectoryConflict.class,
          () -> fixture.directory().record(DirectoryUser.provisional(name), Optional.empty()));
      fixture.engine.add(
          DirectoryFixture.DOMAIN,
          DirectoryFixture.domain(DirectoryFixture.DOMAIN, IdRange.DEFAULT));
      assertEquals(Optional.empty(), fixture.directory().obstacle(name));
      fixture.directory().record(DirectoryUser.provisional(name), Optional.empty());
    }
  }

  @Test
  void aNewLocalAccountHidesTheDirectoryUserAtOnce() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      assertTrue(fixture.directory().resolve("fresh").isPresent());
      Files.writeString(
          fixture.etc.resolve("passwd"),
          "fresh:x:4711:4711::/home/fresh:/bin/sh\n",
          StandardOpenOption.APPEND);
      assertEquals(Optional.empty(), fixture.directory().resolve("fresh"));
    }
  }

  @Test
  void aProviderThatMustWaitForItsTenantHoldsUpNoOther() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      Supplier<Optional<String>> slow =
          () -> {
            asked.countDown();
            try {
              known.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return Optional.of("late");
          };
      Thread adding =
          Thread.ofVirtual()
              .start(
                  () ->
                      fixture.engine.add(
                          fixture.provider("slow.example", slow), PluginRank.of(Map.of())));
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      CompletableFuture<Void> others =
          CompletableFuture.runAsync(
              () -> fixture.engine.remove(DirectoryFixture.DOMAIN), Thread::startVirtualThread);
      try {
        others.get(20, TimeUnit.SECONDS);
      } finally {
        known.countDown();
        adding.join();
      }
      assertFalse(fixture.engine.setup().domains().configured(DirectoryFixture.DOMAIN));
    }
  }

  @Test
  void closingWaitsForAChangeThatIsBeingApplied() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean applied = new AtomicBoolean();
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      fixture.map.beforePublish =
          () -> {
            begun.countDown();
            await(Thread.currentThread()::isInterrupted); // the engine is being closed
            sleep(Duration.ofMillis(300));
            applied.set(true);
          };
      fixture.start();
      assertTrue(begun.await(20, TimeUnit.SECONDS));
      fixture.engine.close();
      assertTrue(applied.get());
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  /** In spite of interrupts, as a write to the disk. */
  private static void sleep(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    await(() -> System.nanoTime() - end >= 0);
  }
}
