package himmelblau.hello.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.Totp;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.SqliteArea;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloKeysTest {
  private static final AccountName ADA = new AccountName("ada", "example.org");
  private static final AccountName BOB = new AccountName("bob", "example.org");
  private static final UUID ADA_ID = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  private static final Secret RIGHT = Secret.ofText("182736");
  private static final Secret WRONG = Secret.ofText("999123");

  @TempDir Path folder;
  private final MemoryMachine machine = new MemoryMachine();
  private final Map<AccountName, UUID> users = new HashMap<>(Map.of(ADA, ADA_ID));
  private HelloSettings settings = new HelloSettings(true, 6, 3, true);
  private Instant now = Instant.ofEpochSecond(1_800_000_000);
  private HelloTable table;
  private HelloKeys hello;
  private LocalCodes codes;

  @BeforeEach
  void start() throws SQLException {
    SqliteArea area = new SqliteArea(folder.resolve("db"), HelloTable.MIGRATIONS);
    wire(new HelloTable(area));
  }

  private void wire(HelloTable opened) {
    table = opened;
    UserLocks locks = new UserLocks();
    hello =
        new HelloKeys(
            table, machine, n -> Optional.ofNullable(users.get(n)), () -> settings, locks);
    codes = new LocalCodes(table, () -> settings, locks, () -> now, "host");
  }

  /** The daemon is killed and started again: all but the file is gone. */
  private void restart() throws SQLException {
    wire(new HelloTable(new SqliteArea(folder.resolve("db"), java.util.List.of())));
  }

  private UnlockedKey enrol(Secret pin) throws KeyStoreUnavailable {
    return hello.enrol(ADA, ADA_ID, pin, key -> HelloKind.REGISTERED);
  }

  @Test
  void noneIsNone() {
    assertEquals(PinState.NONE, hello.state(ADA));
    assertEquals(PinState.NONE, hello.state(BOB), "not known here at all");
    PinRefused refused = assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT));
    assertEquals(0, refused.attempts());
  }

  @Test
  void theRightPinOpensWhatItProtects() throws Exception {
    try (UnlockedKey key = enrol(RIGHT)) {
      key.write(UnlockedKey.Item.RENEWAL, Secret.ofText("token"));
    }
    restart();
    assertEquals(PinState.READY, hello.state(ADA));
    try (UnlockedKey key = hello.unlock(ADA, RIGHT)) {
      assertEquals(HelloKind.REGISTERED, key.kind());
      assertEquals(ADA_ID, key.objectId());
      assertEquals(
          "token", key.read(UnlockedKey.Item.RENEWAL).map(Secret::revealText).orElseThrow());
      key.delete(UnlockedKey.Item.RENEWAL);
      assertEquals(Optional.empty(), key.read(UnlockedKey.Item.RENEWAL));
    }
  }

  @Test
  void threeWrongPinsDestroyTheKeyAlsoAcrossRestarts() throws Exception {
    enrol(RIGHT).close();
    assertWrong(1, 2);
    restart();
    assertWrong(2, 1);
    assertWrong(3, 0);
    assertEquals(PinState.LOCKED, hello.state(ADA));
    restart();
    assertEquals(PinState.LOCKED, hello.state(ADA));
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT), "the right one is too late");
  }

  /** Not the count alone keeps the right PIN out: a host with a higher limit could open the key. */
  @Test
  void afterThreeWrongPinsTheKeyAndWhatItProtectsAreGone() throws Exception {
    try (UnlockedKey key = enrol(RIGHT)) {
      key.write(UnlockedKey.Item.RENEWAL, Secret.ofText("token"));
    }
    assertWrong(1, 2);
    assertWrong(2, 1);
    assertTrue(table.find(ADA_ID).isPresent(), "not too early");
    assertWrong(3, 0);
    assertGone();
    assertEquals(Optional.empty(), table.item(ADA_ID, UnlockedKey.Item.RENEWAL));
  }

  @Test
  void aKeyWhoseDeletionWasInterruptedIsDeletedAtTheNextAttempt() throws Exception {
    enrol(RIGHT).close();
    settings = new HelloSettings(true, 6, 9, true);
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertWrong(attempt, 9 - attempt);
    }
    settings = new HelloSettings(true, 6, 3, true);
    assertTrue(table.find(ADA_ID).isPresent());
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT));
    assertGone();
  }

  private void assertGone() {
    assertEquals(Optional.empty(), table.find(ADA_ID));
    settings = new HelloSettings(true, 6, 9, true);
    assertEquals(PinState.NONE, hello.state(ADA));
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT));
  }

  @Test
  void wrongPinsOfOthersDestroyNothing() throws Exception {
    enrol(RIGHT).close();
    for (PinOrigin from : List.of(PinOrigin.REMOTE, PinOrigin.OTHER_USER)) {
      assertWrong(from, 1, 2);
      restart();
      assertWrong(from, 2, 1);
      assertWrong(from, 3, 0);
      assertWrong(from, 3, 0);
      assertEquals(PinState.BLOCKED, hello.state(ADA, from));
      assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT, from), "the right one as well");
      assertEquals(PinState.READY, hello.state(ADA), "for the user");
      hello.unlock(ADA, RIGHT, PinOrigin.OWN).close();
      assertEquals(PinState.BLOCKED, hello.state(ADA, from), "a PIN at the console opens nothing");
    }
    hello.reopen(ADA);
    for (PinOrigin from : PinOrigin.values()) {
      assertEquals(PinState.READY, hello.state(ADA, from));
      hello.unlock(ADA, RIGHT, from).close();
    }
  }

  @Test
  void aPasswordOfAnotherModuleIsTriedOnce() throws Exception {
    enrol(RIGHT).close();
    assertWrong(PinOrigin.OTHER_MODULE, 1, 0);
    restart();
    assertEquals(PinState.BLOCKED, hello.state(ADA, PinOrigin.OTHER_MODULE));
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT, PinOrigin.OTHER_MODULE));
    for (PinOrigin from : List.of(PinOrigin.OWN, PinOrigin.REMOTE, PinOrigin.OTHER_USER)) {
      assertWrong(from, 1, 2);
      hello.unlock(ADA, RIGHT, from).close();
    }
    hello.reopen(ADA);
    hello.unlock(ADA, RIGHT, PinOrigin.OTHER_MODULE).close();
  }

  @Test
  void originsAreCountedApartAndARightPinClearsItsOwn() throws Exception {
    enrol(RIGHT).close();
    assertWrong(PinOrigin.REMOTE, 1, 2);
    assertWrong(PinOrigin.OTHER_USER, 1, 2);
    assertWrong(1, 2);
    hello.unlock(ADA, RIGHT, PinOrigin.REMOTE).close();
    assertWrong(PinOrigin.REMOTE, 1, 2);
    assertWrong(PinOrigin.OTHER_USER, 2, 1);
    assertWrong(2, 1);
    hello.reopen(ADA);
    assertWrong(3, 0);
    assertEquals(
        PinState.LOCKED, hello.state(ADA), "a full sign-in forgives no wrong PINs of one's own");
    assertEquals(PinState.LOCKED, hello.state(ADA, PinOrigin.REMOTE));
  }

  @Test
  void aNewPinIsOpenToAll() throws Exception {
    enrol(RIGHT).close();
    for (int i = 0; i < 3; i++) {
      assertThrows(PinRefused.class, () -> hello.unlock(ADA, WRONG, PinOrigin.REMOTE));
    }
    enrol(RIGHT).close();
    assertEquals(PinState.READY, hello.state(ADA, PinOrigin.REMOTE));
  }

  private void assertWrong(int attempts, int remaining) {
    assertWrong(PinOrigin.OWN, attempts, remaining);
  }

  private void assertWrong(PinOrigin from, int attempts, int remaining) {
    PinRefused refused = assertThrows(PinRefused.class, () -> hello.unlock(ADA, WRONG, from));
    assertEquals(attempts, refused.attempts());
    assertEquals(remaining, refused.remaining());
  }

  @Test
  void theRightPinClearsTheCount() throws Exception {
    enrol(RIGHT).close();
    assertWrong(1, 2);
    hello.unlock(ADA, RIGHT).close();
    assertWrong(1, 2);
  }

  @Test
  void killingTheDaemonDuringTheCheckGivesNoFreeAttempt() throws Exception {
    enrol(RIGHT).close();
    machine.duringLoad =
        () -> {
          throw new IllegalStateException("killed");
        };
    assertThrows(IllegalStateException.class, () -> hello.unlock(ADA, WRONG));
    machine.duringLoad = () -> {};
    restart();
    assertWrong(2, 1);
  }

  @Test
  void aSickKeyStoreIsNotAWrongPin() throws Exception {
    enrol(RIGHT).close();
    machine.broken = true;
    assertThrows(KeyStoreUnavailable.class, () -> hello.unlock(ADA, RIGHT));
    machine.broken = false;
    machine.foreign = true;
    assertThrows(KeyStoreUnavailable.class, () -> hello.unlock(ADA, RIGHT));
    machine.foreign = false;
    assertWrong(1, 2);
  }

  @Test
  void aNewPinReplacesTheOldOneWithAllThatHungOnIt() throws Exception {
    try (UnlockedKey key = enrol(RIGHT)) {
      key.write(UnlockedKey.Item.RENEWAL, Secret.ofText("old"));
    }
    assertWrong(1, 2);
    Secret fresh = Secret.ofText("new-pin");
    enrol(fresh).close();
    try (UnlockedKey key = hello.unlock(ADA, fresh)) {
      assertEquals(Optional.empty(), key.read(UnlockedKey.Item.RENEWAL));
    }
    PinRefused refused = assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT));
    assertEquals(1, refused.attempts(), "the count began anew");
  }

  @Test
  void anEnrolmentThatFailsOrDiesLeavesTheOldPin() throws Exception {
    enrol(RIGHT).close();
    Secret fresh = Secret.ofText("new-pin");
    assertThrows(
        IOException.class,
        () ->
            hello.<IOException>enrol(
                ADA,
                ADA_ID,
                fresh,
                key -> {
                  throw new IOException("refused by the directory");
                }));
    restart();
    hello.unlock(ADA, RIGHT).close();
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, fresh));
  }

  @Test
  void anOldKeyCannotPutItsTokenUnderANewOne() throws Exception {
    try (UnlockedKey old = enrol(RIGHT)) {
      enrol(Secret.ofText("new-pin")).close();
      old.write(UnlockedKey.Item.RENEWAL, Secret.ofText("late"));
    }
    try (UnlockedKey key = hello.unlock(ADA, Secret.ofText("new-pin"))) {
      assertEquals(Optional.empty(), key.read(UnlockedKey.Item.RENEWAL));
    }
  }

  @Test
  void theKeyBelongsToTheObjectIdNotToTheName() throws Exception {
    enrol(RIGHT).close();
    users.put(BOB, ADA_ID); // renamed
    users.put(ADA, UUID.randomUUID()); // somebody new has the old name
    hello.unlock(BOB, RIGHT).close();
    assertEquals(PinState.NONE, hello.state(ADA));
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT));
  }

  @Test
  void switchedOff() throws Exception {
    enrol(RIGHT).close();
    settings = new HelloSettings(false, 6, 3, false);
    assertEquals(PinState.DISABLED, hello.state(ADA));
    assertThrows(PinRefused.class, () -> hello.unlock(ADA, RIGHT));
    settings = new HelloSettings(true, 6, 0, false);
    assertEquals(PinState.DISABLED, hello.state(ADA));
    settings = new HelloSettings(true, 6, 3, false);
    hello.unlock(ADA, RIGHT).close();
  }

  @Test
  void aSimplePinIsNotEnrolled() {
    assertThrows(IllegalArgumentException.class, () -> enrol(Secret.ofText("111111")));
    assertEquals(PinState.NONE, hello.state(ADA));
  }

  @Test
  void removalIsComplete() throws Exception {
    enrolWithRenewal();
    hello.remove(ADA);
    hello.remove(ADA);
    assertEquals(PinState.NONE, hello.state(ADA));
    assertEquals(Optional.empty(), table.item(ADA_ID, UnlockedKey.Item.RENEWAL));
    enrolWithRenewal();
    hello.removeAll();
    assertEquals(PinState.NONE, hello.state(ADA));
    assertEquals(Optional.empty(), table.item(ADA_ID, UnlockedKey.Item.RENEWAL));
  }

  private void enrolWithRenewal() throws Exception {
    try (UnlockedKey key = enrol(RIGHT)) {
      key.write(UnlockedKey.Item.RENEWAL, Secret.ofText("token"));
    }
  }

  @Test
  void aCodeIsGoodOnce() throws Exception {
    try (UnlockedKey key = enrol(RIGHT)) {
      assertFalse(codes.enrolled(key));
      try (Totp.Enrolment proposed = codes.propose(ADA)) {
        assertFalse(codes.confirm(key, proposed, Secret.ofText("abcdef")));
        assertFalse(codes.enrolled(key));
        assertTrue(codes.confirm(key, proposed, code(proposed)));
        Secret used = code(proposed);
        assertThrows(
            PinRefused.class,
            () -> codes.verify(key, used, PinOrigin.OWN),
            "replay of the enrolment's");
        now = now.plusSeconds(30);
        codes.verify(key, code(proposed), PinOrigin.OWN);
        Secret again = code(proposed);
        assertEquals(
            1,
            assertThrows(PinRefused.class, () -> codes.verify(key, again, PinOrigin.OWN))
                .attempts());
      }
    }
  }

  @Test
  void aClockThatWasAheadUsesNoCodesUp() throws Exception {
    try (UnlockedKey key = enrol(RIGHT);
        Totp.Enrolment proposed = codes.propose(ADA)) {
      codes.confirm(key, proposed, code(proposed));
      now = now.plusSeconds(60);
      codes.verify(key, code(proposed), PinOrigin.OWN);
      Instant right = now;
      now = now.plusSeconds(3_000_000_000L);
      Instant ahead = now;
      codes.verify(key, code(proposed), PinOrigin.OWN);
      now = right.plusSeconds(60);
      codes.verify(key, code(proposed), PinOrigin.OWN);
      assertUsed(key, proposed, "again");
      now = right;
      assertUsed(key, proposed, "from before the clock went ahead");
      now = ahead;
      assertUsed(key, proposed, "from while it was ahead");
    }
  }

  private void assertUsed(UnlockedKey key, Totp.Enrolment proposed, String why) throws Exception {
    Secret code = code(proposed);
    assertThrows(PinRefused.class, () -> codes.verify(key, code, PinOrigin.OWN), why);
  }

  @Test
  void wrongCodesDestroyTheKeyEvenWhenThePinIsRightEachTime() throws Exception {
    enrol(RIGHT).close();
    try (UnlockedKey key = hello.unlock(ADA, RIGHT);
        Totp.Enrolment proposed = codes.propose(ADA)) {
      codes.confirm(key, proposed, code(proposed));
    }
    for (int attempt = 1; attempt <= 3; attempt++) {
      try (UnlockedKey key = hello.unlock(ADA, RIGHT)) {
        PinRefused refused =
            assertThrows(
                PinRefused.class, () -> codes.verify(key, Secret.ofText(""), PinOrigin.OWN));
        assertEquals(attempt, refused.attempts());
      }
    }
    assertEquals(PinState.LOCKED, hello.state(ADA));
    assertEquals(Optional.empty(), table.item(ADA_ID, UnlockedKey.Item.TOTP));
    assertGone();
  }

  @Test
  void wrongCodesOfOthersDestroyNothing() throws Exception {
    try (UnlockedKey key = enrol(RIGHT);
        Totp.Enrolment proposed = codes.propose(ADA)) {
      codes.confirm(key, proposed, code(proposed));
      for (int attempt = 1; attempt <= 4; attempt++) {
        assertThrows(
            PinRefused.class, () -> codes.verify(key, Secret.ofText(""), PinOrigin.REMOTE));
      }
      now = now.plusSeconds(2 * TimeCode.STEP_SECONDS);
      assertThrows(
          PinRefused.class,
          () -> codes.verify(key, code(proposed), PinOrigin.REMOTE),
          "not the right one either, in a sign-in that began before");
    }
    assertEquals(PinState.BLOCKED, hello.state(ADA, PinOrigin.REMOTE));
    hello.unlock(ADA, RIGHT).close();
  }

  @Test
  void aDeletedPinLeavesNoUsedCodes() throws Exception {
    for (Runnable removal : List.<Runnable>of(() -> hello.remove(ADA), hello::removeAll)) {
      try (UnlockedKey key = enrol(RIGHT);
          Totp.Enrolment proposed = codes.propose(ADA)) {
        assertTrue(codes.confirm(key, proposed, code(proposed)));
        removal.run();
        assertTrue(codes.confirm(key, proposed, code(proposed)), "of a secret that is gone");
        removal.run();
      }
    }
  }

  @Test
  void afterTheEndOfOfflineSignInAnOpenKeyPutsNoRenewalBack() throws Exception {
    try (UnlockedKey key = enrol(RIGHT)) {
      hello.endOffline(Set.of());
      key.write(UnlockedKey.Item.RENEWAL, Secret.ofText("late"));
      assertEquals(Optional.empty(), table.item(ADA_ID, UnlockedKey.Item.RENEWAL));
    }
    try (UnlockedKey key = hello.unlock(ADA, RIGHT)) {
      key.write(UnlockedKey.Item.RENEWAL, Secret.ofText("fresh"));
      hello.endOffline(Set.of(ADA_ID));
      assertTrue(key.read(UnlockedKey.Item.RENEWAL).isPresent(), "spared");
    }
  }

  private Secret code(Totp.Enrolment proposed) {
    return Secret.taking(
        proposed.secret().use(b -> TimeCode.at(b, now.getEpochSecond() / TimeCode.STEP_SECONDS)));
  }
}
