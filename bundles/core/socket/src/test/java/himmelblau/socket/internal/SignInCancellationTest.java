package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInResult;
import himmelblau.frames.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Conversations that end early, and services that are not available. */
class SignInCancellationTest extends SignInCase {
  @Test
  void closingCancelsAtOnceWhileAsking() throws Exception {
    cancelled(conversation -> conversation.ask("Value: "), ConversationClosed.Reason.GONE);
  }

  @Test
  void closingCancelsAtOnceWhileWaiting() throws Exception {
    cancelled(
        conversation -> {
          conversation.say("Value: ");
          conversation.pause(Duration.ofHours(1));
        },
        ConversationClosed.Reason.GONE);
  }

  @Test
  void closingInterruptsOtherWork() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    script =
        (request, conversation) -> {
          try {
            conversation.say("working");
            new CountDownLatch(1).await();
          } catch (InterruptedException | ConversationClosed e) {
            interrupted.complete(true);
          }
          return SignInResult.of(PamCode.ABORT);
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.SAY);
    }
    assertTrue(interrupted.get(10, TimeUnit.SECONDS));
  }

  private interface Wait {
    void on(Conversation conversation) throws ConversationClosed;
  }

  private void cancelled(Wait wait, ConversationClosed.Reason reason) throws Exception {
    CompletableFuture<ConversationClosed.Reason> ended = new CompletableFuture<>();
    script =
        (request, conversation) -> {
          try {
            wait.on(conversation);
          } catch (ConversationClosed e) {
            ended.complete(e.reason());
            // A caller that continues gets the exception again.
            assertThrows(ConversationClosed.class, () -> conversation.ask("again"));
            throw e;
          }
          return SignInResult.of(PamCode.ABORT);
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").receive();
    }
    assertEquals(reason, ended.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aFailingServiceDenies() throws Exception {
    script =
        (request, conversation) -> {
          throw new IllegalStateException("broken");
        };
    try (Client client = new Client(path)) {
      assertEquals(List.of(4L, ""), client.start(1, "user02", "").end());
    }
    script = (request, conversation) -> SignInResult.of(PamCode.SUCCESS);
    try (Client client = new Client(path)) {
      assertEquals(List.of(4L, ""), client.start(1, "user02", "").end());
    }
  }

  @Test
  void waitsForAServiceThatIsBeingReplaced() throws Exception {
    Scripted scripted = new Scripted();
    service.set(scripted);
    service.clear(scripted);
    try (Client client = new Client(path)) {
      client.start(2, "user02", "");
      Await.until("it waits", () -> Await.threads("conversation-") == 1);
      service.set(new Scripted());
      assertEquals(List.of(7L, ""), client.end());
    }
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    patience = Duration.ofMillis(50);
    Scripted scripted = new Scripted();
    service.set(scripted);
    service.clear(scripted);
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertEquals(
          "Authentication service unavailable. Please try again later.", client.text(Kind.SAY));
      assertEquals(List.of(4L, ""), client.end());
    }
    try (Client client = new Client(path)) {
      assertEquals(List.of(4L, ""), client.start(3, "user02", "").end());
    }
  }

  @Test
  void doesNotWaitForWhatCannotCome() throws Exception {
    Scripted scripted = new Scripted();
    service.set(scripted);
    service.clear(scripted);
    try (Client early = new Client(path)) {
      early.start(1, "user02", ""); // waits already when it becomes known
      Await.until("it waits", () -> Await.threads("conversation-") == 1);
      outage.set(() -> "No keys today.");
      assertEquals("No keys today.", early.text(Kind.SAY));
      assertEquals(List.of(4L, ""), early.end());
    }
    service.set(new Scripted()); // an outage that is over is no obstacle, also before it says so
    try (Client client = new Client(path)) {
      assertEquals(List.of(7L, ""), client.start(2, "user02", "").end());
    }
  }

  @Test
  void aPeerThatDisconnectsWhileWaitingIsForgotten() throws Exception {
    Scripted scripted = new Scripted();
    service.set(scripted);
    service.clear(scripted);
    try (Client client = new Client(path)) {
      client.start(2, "user02", "");
      Await.until("it waits", () -> Await.threads("conversation-") == 1);
    }
    Await.until("it is gone", () -> Await.threads("conversation-") == 0);
  }

  @Test
  void unsealingContinuesWithoutThePeer() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    unsealing =
        request -> {
          try {
            gone.await();
            done.complete(!wiped(request.authtok().orElseThrow()));
          } catch (InterruptedException e) {
            done.complete(false);
          }
        };
    try (Client client = new Client(path)) {
      client.start(5, "user02", "Passw0rd!");
    }
    assertEquals("user02", requests.take().user());
    assertFalse(done.isDone());
    gone.countDown();
    assertTrue(done.get(10, TimeUnit.SECONDS));
  }

  @Test
  void manyConversationsLeakNothing() throws Exception {
    script =
        (request, conversation) ->
            new SignInResult(PamCode.SUCCESS, conversation.ask("Value: "), Map.of());
    int before = Await.descriptors();
    for (int round = 0; round < 20; round++) {
      try (Client finished = new Client(path);
          Client left = new Client(path);
          Client broken = new Client(path)) {
        left.start(1, "user02", "").text(Kind.ASK);
        broken.start(1, "user02", "").text(Kind.ASK);
        broken.sendRaw(new byte[] {0, 0, 0, 0});
        finished.start(1, "user02", "").text(Kind.ASK);
        assertEquals(List.of(0L, "user02"), finished.answer("user02").end());
      }
    }
    Await.until("all conversations end", () -> Await.threads("conversation-") == 0);
    Await.until("all descriptors are closed", () -> Await.descriptors() <= before + 1);
  }
}
