package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.AccountStatus;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.schedule.Jitter;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.lookup.AccountFinder.Verdict;
import himmelblau.directory.internal.map.DirectoryCache;
import himmelblau.directory.internal.map.MissingAccounts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a directory that failed is asked again. */
class AccountFinderTest {
  private static final AccountName ADA = DirectoryFixture.name("ada");
  private static final AccountName BOB = DirectoryFixture.name("bob");

  @TempDir Path folder;
  private DirectoryFixture fixture;
  private Clock clock;
  private AccountFinder finder;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private Instant now = Instant.now();

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
    clock =
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
        new AccountFinder(
            new DirectoryCache(
                fixture.engine.area(),
                fixture.map,
                new MissingAccounts(clock),
                fixture.engine::setup,
                clock),
            (name, enabled) -> heard.add(name.local() + " " + enabled),
            clock,
            new Jitter(() -> 0)); // no pause is shortened
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private Verdict find(AccountName name) {
    return finder.find(
        fixture.provider(DirectoryFixture.DOMAIN, java.util.Optional.empty()),
        name,
        Duration.ofSeconds(9));
  }

  /** Whether it is asked now. */
  private boolean asks(AccountName name) {
    int before = fixture.asked.size();
    find(name);
    return fixture.asked.size() > before;
  }

  @ParameterizedTest
  @CsvSource({"NETWORK,15", "TEMPORARY,300"})
  void aDomainIsLeftAloneLongerAndLongerUpToALimit(Kind kind, long longest) {
    fixture.failure = kind;
    long pause = 5;
    for (int i = 0; i < 10; i++) {
      assertEquals(true, asks(ADA), "after " + pause);
      assertEquals(Verdict.LATER, find(BOB), "nobody of the domain is asked for");
      now = now.plusSeconds(pause - 1);
      assertEquals(false, asks(BOB));
      now = now.plusSeconds(1);
      pause = Math.min(2 * pause, longest);
    }
    fixture.failure = null;
    assertEquals(Verdict.ABSENT, find(BOB));
    fixture.failure = kind;
    assertEquals(true, asks(ADA), "an answer ends the pauses");
    now = now.plusSeconds(5);
    assertEquals(true, asks(ADA), "which begin anew");
  }

  @ParameterizedTest
  @CsvSource({"NETWORK", "TEMPORARY", "PROTOCOL"})
  void aClockThatIsSetBackProlongsNoPause(Kind kind) {
    fixture.failure = kind;
    assertEquals(true, asks(ADA));
    assertEquals(false, asks(ADA));
    now = now.minusSeconds(3600);
    assertEquals(true, asks(ADA));
  }

  @Test
  void aClockThatIsSetBackDoesNotHideANewAccount() {
    MissingAccounts missing = new MissingAccounts(clock);
    missing.put(ADA, Duration.ofMinutes(5));
    assertEquals(true, missing.has(ADA));
    now = now.minusSeconds(3600);
    assertEquals(false, missing.has(ADA));
  }

  private void found(AccountStatus status) {
    fixture.cloud.put(
        ADA.upn(), DirectoryFixture.user("ada", "bb845f7f-8f6a-4101-b4c7-8db3cb94c901"));
    fixture.status = status;
    now = now.plusSeconds(1);
    assertEquals(Verdict.KNOWN, find(ADA));
  }

  @Test
  void whatTheDirectorySaysOfAnAccountIsPassedOn() {
    found(AccountStatus.NOT_SAID);
    assertEquals(List.of(), heard);
    found(AccountStatus.DISABLED);
    found(AccountStatus.ENABLED);
    assertEquals(List.of("ada false", "ada true"), heard);
  }

  @Test
  void aLookupThatFailsOrFindsNobodySaysNothing() {
    found(AccountStatus.ENABLED);
    heard.clear();
    fixture.status = AccountStatus.DISABLED;
    fixture.offline = true;
    assertEquals(Verdict.LATER, find(ADA));
    now = now.plusSeconds(60);
    fixture.offline = false;
    fixture.cloud.clear();
    assertEquals(Verdict.ABSENT, find(ADA));
    assertEquals(List.of(), heard);
  }

  @Test
  void thatAnotherAccountOfTheNameIsEnabledSaysNothing() {
    found(AccountStatus.DISABLED);
    heard.clear();
    fixture.cloud.put(
        ADA.upn(), DirectoryFixture.user("ada", "bb845f7f-8f6a-4101-b4c7-8db3cb94c902"));
    fixture.status = AccountStatus.ENABLED;
    assertEquals(Verdict.ABSENT, find(ADA));
    assertEquals(List.of(), heard);
    fixture.status = AccountStatus.DISABLED;
    assertEquals(Verdict.ABSENT, find(ADA));
    assertEquals(List.of("ada false"), heard, "before anybody could see the account");
  }

  @Test
  void anAnswerThatMakesNoSenseIsAboutOneNameOnly() {
    fixture.failure = Kind.PROTOCOL;
    assertEquals(true, asks(ADA));
    assertEquals(false, asks(ADA));
    assertEquals(true, asks(BOB), "anybody can ask for a name that the directory stumbles over");
    fixture.failure = null;
    assertEquals(Verdict.LATER, find(ADA));
    assertEquals(Verdict.ABSENT, find(DirectoryFixture.name("eve")));
    now = now.plusSeconds(5);
    assertEquals(Verdict.ABSENT, find(ADA));
  }
}
