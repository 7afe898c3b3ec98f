package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.directory.internal.Finder.Verdict;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a directory that failed is asked again. */
class FinderTest {
  private static final AccountName ADA = World.name("ada");
  private static final AccountName BOB = World.name("bob");

  @TempDir Path folder;
  private World world;
  private Finder finder;
  private Instant now = Instant.now();

  @BeforeEach
  void begin() throws Exception {
    world = new World(folder);
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    finder =
        new Finder(
            new Keeper(
                world.engine.area(), world.map, new Missing(clock), world.engine::setup, clock),
            clock);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private Verdict find(AccountName name) {
    return finder.find(
        world.provider(World.DOMAIN, java.util.Optional.empty()), name, Duration.ofSeconds(9));
  }

  /** Whether it is asked now. */
  private boolean asks(AccountName name) {
    int before = world.asked.size();
    find(name);
    return world.asked.size() > before;
  }

  @ParameterizedTest
  @CsvSource({"NETWORK,15", "TEMPORARY,300"})
  void aDomainIsLeftAloneLongerAndLongerUpToALimit(Kind kind, long longest) {
    world.failure = kind;
    long pause = 5;
    for (int i = 0; i < 10; i++) {
      assertEquals(true, asks(ADA), "after " + pause);
      assertEquals(Verdict.LATER, find(BOB), "nobody of the domain is asked for");
      now = now.plusSeconds(pause - 1);
      assertEquals(false, asks(BOB));
      now = now.plusSeconds(1);
      pause = Math.min(2 * pause, longest);
    }
    world.failure = null;
    assertEquals(Verdict.ABSENT, find(BOB));
    world.failure = kind;
    assertEquals(true, asks(ADA), "an answer ends the pauses");
    now = now.plusSeconds(5);
    assertEquals(true, asks(ADA), "which begin anew");
  }

  @Test
  void anAnswerThatMakesNoSenseIsAboutOneNameOnly() {
    world.failure = Kind.PROTOCOL;
    assertEquals(true, asks(ADA));
    assertEquals(false, asks(ADA));
    assertEquals(true, asks(BOB), "anybody can ask for a name that the directory stumbles over");
    world.failure = null;
    assertEquals(Verdict.LATER, find(ADA));
    assertEquals(Verdict.ABSENT, find(World.name("eve")));
    now = now.plusSeconds(5);
    assertEquals(Verdict.ABSENT, find(ADA));
  }
}
