package himmelblau.mfa.fido2.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.FactorOffer.Role;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Verdict;
import himmelblau.testing.authenticator.Credential;
import himmelblau.testing.authenticator.SoftKey;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The method with the real libfido2 and keys in software. */
@Timeout(120)
@NullUnmarked
class SecurityKeyMethodTest {
  private static final String PIN = "2468";
  private static final String ASK = "Fido PIN: ";
  private static final String INSERT = "Please insert your security key.";
  private static final String TOUCH = "Please touch your security key.";

  private final SoftTransport sockets = new SoftTransport();
  private final SecurityKeyMethod method = new SecurityKeyMethod(config(30));
  private SoftKey key;
  private Credential passkey;

  private static SecurityKeyMethod.Config config(long seconds) {
    return new SecurityKeyMethod.Config() {
      @Override
      public long fido_timeout() {
        return seconds;
      }

      @Override
      public String fido_prompt() {
        return INSERT;
      }

      @Override
      public String fido_presence_prompt() {
        return TOUCH;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return SecurityKeyMethod.Config.class;
      }
    };
  }

  @BeforeEach
  void setUp() throws Exception {
    method.setTransport(sockets);
    key = new SoftKey();
    passkey = key.create(DirectoryChallenge.PARTY, new byte[] {1, 2, 3});
  }

  @AfterEach
  void tearDown() {
    method.deactivate();
  }

  private DirectoryChallenge first() {
    return new DirectoryChallenge(Role.FIRST, true, passkey);
  }

  private DirectoryChallenge second() {
    return new DirectoryChallenge(Role.SECOND, true, passkey);
  }

  private static void assertNotPossible(String text, Verdict verdict) {
    assertEquals(new Verdict.NotPossible(text), verdict);
  }

  @Test
  void isForTheConsoleOnly() {
    assertEquals(Set.of(MfaMethod.Trait.LOCAL_ONLY), method.traits());
  }

  @Test
  void hasANameForLists() {
    assertEquals("Security key", method.title(new FactorOffer("FidoKey", Role.SECOND, "", false)));
  }

  @Test
  void asFirstFactorAsksForThePinAndATouch() throws Exception {
    key.setPin(PIN);
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole(PIN);
    DirectoryChallenge challenge = first();
    assertInstanceOf(Verdict.Approved.class, method.verify(challenge, user));
    assertEquals(List.of(ASK, TOUCH), user.seen());
    assertEquals(1, challenge.begun());
    assertArrayEquals(
        new byte[] {1, 2, 3}, challenge.answer().orElseThrow().userHandle().orElseThrow());
  }

  @Test
  void theTypedPinIsWiped() throws Exception {
    key.setPin(PIN);
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole("1111", PIN);
    method.verify(first(), user);
    assertEquals(2, user.given().size());
    user.given().forEach(pin -> assertThrows(IllegalStateException.class, pin::copyBytes));
  }

  @Test
  void asSecondFactorAKeyWithoutPinNeedsATouchOnly() throws Exception {
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole();
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), user));
    assertEquals(List.of(TOUCH), user.seen());
  }

  @Test
  void asFirstFactorAKeyWithoutPinIsNotEnough() throws Exception {
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole();
    assertNotPossible(KeyTexts.NO_PIN_SET, method.verify(first(), user));
    assertEquals(List.of(), user.seen());
  }

  @Test
  void aWrongPinTellsTheTriesLeft() throws Exception {
    key.setPin(PIN);
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole("1111", PIN);
    assertInstanceOf(Verdict.Approved.class, method.verify(first(), user));
    assertEquals(List.of(ASK, "Wrong PIN! You have 7 attempts left.", ASK, TOUCH), user.seen());
  }

  @Test
  void theThirdWrongPinInARowPausesTheKey() throws Exception {
    key.setPin(PIN);
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole("1111", "2222", "3333");
    assertNotPossible(KeyTexts.PIN_PAUSED, method.verify(first(), user));
    assertEquals(5, key.pinTries());
  }

  @Test
  void aKeyThatIsBlockedIsToBeReset() throws Exception {
    key.setPin(PIN);
    for (String wrong : List.of("1110", "1120", "1130", "1140", "1150", "1160", "1170")) {
      sockets.insert("a", key); // power
      method.verify(first(), new UserAtConsole(wrong, ""));
    }
    assertEquals(1, key.pinTries());
    sockets.insert("a", key);
    assertNotPossible(KeyTexts.PIN_BLOCKED, method.verify(first(), new UserAtConsole("1180")));
  }

  @Test
  void theSameWrongPinAndImpossibleOnesUseUpNoTries() throws Exception {
    key.setPin(PIN);
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole("1111", "1111", "123");
    assertInstanceOf(Verdict.Denied.class, method.verify(first(), user));
    assertEquals(7, key.pinTries());
  }

  @Test
  void anEmptyPinLeadsToTheNextWay() throws Exception {
    key.setPin(PIN);
    sockets.insert("a", key);
    assertNotPossible(KeyTexts.FAILED, method.verify(first(), new UserAtConsole("")));
    assertEquals(8, key.pinTries());
  }

  @Test
  void aKeyThatIsNotThereIsAskedFor() throws Exception {
    UserAtConsole user = new UserAtConsole().when(INSERT, () -> sockets.insert("a", key));
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), user));
    assertEquals(List.of(INSERT, TOUCH), user.seen());
  }

  @Test
  void withoutAKeyTheNextWayComesAfterTheTime() throws Exception {
    method.modified(config(2));
    UserAtConsole user = new UserAtConsole();
    long begun = System.nanoTime();
    assertNotPossible(KeyTexts.NONE_FOUND, method.verify(second(), user));
    assertTrue(System.nanoTime() - begun >= TimeUnit.SECONDS.toNanos(2));
    assertEquals(List.of(INSERT), user.seen());
  }

  @Test
  void whoHasAnotherDefaultIsNotKeptWaiting() throws Exception {
    UserAtConsole user = new UserAtConsole();
    long begun = System.nanoTime();
    assertNotPossible(
        KeyTexts.NONE_FOUND,
        method.verify(new DirectoryChallenge(Role.FIRST, false, passkey), user));
    assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(30));
    assertEquals(List.of(), user.seen());
  }

  @Test
  void aKeyOfSomebodyElseIsNamedAndTheRightOneTaken() throws Exception {
    SoftKey other = new SoftKey();
    other.create(DirectoryChallenge.PARTY, new byte[] {9});
    sockets.insert("a", other);
    UserAtConsole user =
        new UserAtConsole().when(KeyTexts.NOT_REGISTERED, () -> sockets.insert("b", key));
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), user));
    assertEquals(List.of(KeyTexts.NOT_REGISTERED, TOUCH), user.seen());
  }

  @Test
  void ofSeveralKeysTheRegisteredOneIsTaken() throws Exception {
    sockets.insert("a", new SoftKey());
    sockets.insert("b", key);
    sockets.insert("c", new SoftKey());
    UserAtConsole user = new UserAtConsole();
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), user));
    assertEquals(List.of(TOUCH), user.seen());
  }

  @Test
  void ofSeveralRegisteredKeysTheTouchedOneIsTaken() throws Exception {
    SoftKey spare = new SoftKey();
    Credential also = spare.create(DirectoryChallenge.PARTY, new byte[] {1, 2, 3});
    key.touchAtOnce(false);
    sockets.insert("a", key);
    sockets.insert("b", spare);
    UserAtConsole user = new UserAtConsole();
    DirectoryChallenge challenge = new DirectoryChallenge(Role.SECOND, true, passkey, also);
    assertInstanceOf(Verdict.Approved.class, method.verify(challenge, user));
    assertEquals(List.of(KeyTexts.SELECT, TOUCH), user.seen());
    assertArrayEquals(also.id(), challenge.answer().orElseThrow().credentialId());
  }

  @Test
  void aKeyThatIsPulledOutMayComeBack() throws Exception {
    key.touchAtOnce(false);
    sockets.insert("a", key);
    UserAtConsole user =
        new UserAtConsole()
            .when(TOUCH, () -> soon(() -> sockets.remove("a")))
            .when(
                KeyTexts.REMOVED,
                () -> {
                  key.touchAtOnce(true);
                  sockets.insert("a", key);
                });
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), user));
    assertEquals(List.of(TOUCH, KeyTexts.REMOVED, TOUCH), user.seen());
  }

  @Test
  void aKeyThatIsPulledOutAndKeptLeadsToTheNextWay() throws Exception {
    key.touchAtOnce(false);
    sockets.insert("a", key);
    UserAtConsole user = new UserAtConsole().when(TOUCH, () -> soon(() -> sockets.remove("a")));
    method.modified(config(5));
    assertNotPossible(KeyTexts.NONE_FOUND, method.verify(second(), user));
    assertEquals(List.of(TOUCH, KeyTexts.REMOVED), user.seen());
  }

  private static void soon(Runnable action) {
    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(action);
  }

  @Test
  void withoutATouchTheTimeEndsAndTheKeyIsFree() throws Exception {
    method.modified(config(2));
    key.touchAtOnce(false);
    sockets.insert("a", key);
    assertEquals(Verdict.TimedOut.STANDARD, method.verify(second(), new UserAtConsole()));
    method.modified(config(30));
    key.touchAtOnce(true);
    assertInstanceOf(
        Verdict.Approved.class, method.verify(second(), new UserAtConsole()), "the next one");
  }

  @Test
  void whoIsGoneLeavesNoKeyWaiting() throws Exception {
    key.touchAtOnce(false);
    sockets.insert("a", key);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    UserAtConsole user = new UserAtConsole().when(TOUCH, () -> waiting.complete(null));
    Thread sitting =
        Thread.ofVirtual()
            .start(
                () ->
                    ended.complete(
                        assertThrows(Throwable.class, () -> method.verify(second(), user))));
    waiting.get();
    Thread.sleep(300);
    sitting.interrupt();
    assertInstanceOf(ConversationClosed.class, ended.get());
    key.touchAtOnce(true);
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), new UserAtConsole()));
  }

  @Test
  void anotherSignInWaitsForTheKeyAndDoesNotGetTheTouch() throws Exception {
    key.touchAtOnce(false);
    sockets.insert("a", key);
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    CompletableFuture<Verdict> one =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return method.verify(
                    second(), new UserAtConsole().when(TOUCH, () -> waiting.complete(null)));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    waiting.get();
    Thread.sleep(300);
    method.modified(config(1));
    assertNotPossible(KeyTexts.BUSY, method.verify(second(), new UserAtConsole()));
    key.touch();
    assertInstanceOf(Verdict.Approved.class, one.get());
  }

  @Test
  void theGreeterIsToldWhatATextIsAbout() throws Exception {
    UserAtConsole user =
        new UserAtConsole(true).when("[FIDO_INSERT] " + INSERT, () -> sockets.insert("a", key));
    assertInstanceOf(Verdict.Approved.class, method.verify(second(), user));
    assertEquals(List.of("[FIDO_INSERT] " + INSERT, "[FIDO_TOUCH] " + TOUCH), user.seen());
  }
}
