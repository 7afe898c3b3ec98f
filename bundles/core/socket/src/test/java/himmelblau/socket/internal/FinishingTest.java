package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInResult;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What happens to conversations while the process is about to end. */
class FinishingTest extends SignInCase {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final SignInResult SIGNED_IN =
      new SignInResult(PamCode.SUCCESS, "user02", Map.of());

  private final CountDownLatch released = new CountDownLatch(1);

  private CompletableFuture<Void> finish(Duration most) {
    listener.withdraw();
    return CompletableFuture.runAsync(
        () -> {
          try {
            dispatch.finish(most);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private void untilReleased() {
    script =
        (request, conversation) -> {
          conversation.say("working");
          try {
            released.await();
          } catch (InterruptedException e) {
            return SignInResult.of(PamCode.SYSTEM_ERR);
          }
          return SIGNED_IN;
        };
  }

  @Test
  void waitsForAConversationThatNeedsNobody() throws Exception {
    untilReleased();
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.SAY);
      CompletableFuture<Void> finished = finish(LONG);
      Thread.sleep(300); // what must not happen cannot be awaited
      assertFalse(finished.isDone());
      released.countDown();
      assertEquals(List.of(0L, "user02"), client.end());
      finished.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void waitsForAProgramThatAnswersAtOnce() throws Exception {
    script =
        (request, conversation) -> {
          conversation.ask("PIN: ");
          return SIGNED_IN;
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      CompletableFuture<Void> finished = finish(LONG);
      Thread.sleep(200);
      assertFalse(finished.isDone());
      client.answer("187265");
      assertEquals(List.of(0L, "user02"), client.end());
      finished.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void doesNotWaitForAUser() throws Exception {
    script =
        (request, conversation) -> {
          conversation.ask("PIN: ");
          return SIGNED_IN;
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      finish(LONG).get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void doesNotWaitForLongerThanThat() throws Exception {
    untilReleased();
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.SAY);
      finish(Duration.ofMillis(300)).get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoHasConnectedIsStillServedAndNobodyElse() throws Exception {
    script = (request, conversation) -> SIGNED_IN;
    try (Client before = new Client(path)) {
      listener.withdraw();
      assertFalse(Files.exists(path));
      assertThrows(IOException.class, () -> new Client(path).close());
      before.start(1, "user02", "");
      assertEquals(List.of(0L, "user02"), before.end());
    }
    Thread.sleep(6000); // longer than the listener looks away
    assertFalse(Files.exists(path), "the name does not come back");
    assertTrue(requests.size() == 1);
  }
}
