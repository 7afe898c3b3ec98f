package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.log.Correlation;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.PamContext;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.login.SignInResult;
import himmelblau.api.secret.Secret;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import himmelblau.frames.PeerCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** From START to END. */
class SignInDispatchTest extends SignInCase {
  @Test
  void leadsAConversation() throws Exception {
    script =
        (request, conversation) -> {
          assertTrue(Correlation.current().isPresent());
          conversation.say("zwei\nZeilen\0");
          conversation.warn("careful");
          assertEquals("täxt", conversation.ask("Value: "));
          try (Secret pin = conversation.askHidden("PIN: ", Conversation.Kind.AUTHTOK);
              Secret code = conversation.askHidden("Code: ", Conversation.Kind.PASSING)) {
            assertEquals("187265", pin.revealText());
            assertEquals("", code.revealText());
          }
          return new SignInResult(PamCode.SUCCESS, "user02", Map.of("A", "b=c"));
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertEquals("zwei\nZeilen\ufffd", client.text(Kind.SAY));
      assertEquals("careful", client.text(Kind.WARN));
      assertEquals("Value: ", client.text(Kind.ASK));
      client.answer("täxt");
      assertHidden("PIN: ", 1, client.receive());
      client.answer("187265");
      assertHidden("Code: ", 0, client.receive());
      client.answer("");
      assertEquals(List.of(0L, "user02", "A=b=c"), client.end());
      assertTrue(client.closed());
    }
  }

  /** A part that is replaced during a sign-in has no more classes than those that were loaded. */
  @Test
  void aMissingClassIsARefusal() throws Exception {
    script =
        (request, conversation) -> {
          throw new NoClassDefFoundError("himmelblau/replaced/Part");
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertEquals(List.of((long) PamCode.SYSTEM_ERR.value(), ""), client.end());
      assertTrue(client.closed());
    }
  }

  /** The locale of {@code Client.start} is de_DE.UTF-8. */
  @Test
  void textsAreShownInTheLanguageOfTheApplication() throws Exception {
    script =
        (request, conversation) -> {
          conversation.say("one");
          conversation.warn("two");
          conversation.ask("three ");
          conversation.askHidden("four ", Conversation.Kind.AUTHTOK).close();
          return SignInResult.of(PamCode.IGNORE);
        };
    translations.set((text, locale) -> locale + "\u202e " + text);
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertEquals("de_DE.UTF-8\ufffd one", client.text(Kind.SAY));
      assertEquals("de_DE.UTF-8\ufffd two", client.text(Kind.WARN));
      assertEquals("de_DE.UTF-8\ufffd three ", client.text(Kind.ASK));
      client.answer("");
      assertHidden("de_DE.UTF-8\ufffd four ", 1, client.receive());
      client.answer("");
      assertEquals((long) PamCode.IGNORE.value(), client.end().getFirst());
    }
  }

  @Test
  void anOutageIsToldInTheLanguageOfTheApplication() throws Exception {
    service.clear(service.get(Duration.ZERO).orElseThrow());
    outage.set(() -> "closed");
    translations.set((text, locale) -> "geschlossen");
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertEquals("geschlossen", client.text(Kind.SAY));
    }
  }

  @Test
  void nothingOfAServerSteersTheTerminal() throws Exception {
    String hostile =
        "a\u001b]0;t\u0007\u009b2J\r\nb\u202e\u2066\u200f\u2028\u2029\u007f\r\b\udb40\udc41\ud800";
    String plain = "a\ufffd]0;t\ufffd\ufffd2J\nb" + "\ufffd".repeat(10);
    script =
        (request, conversation) -> {
          conversation.say(hostile);
          conversation.warn(hostile);
          conversation.ask(hostile);
          conversation.askHidden(hostile, Conversation.Kind.PASSING).close();
          conversation.say("\u00e4\ud83d\ude00".repeat(1_000_000));
          return SignInResult.of(PamCode.IGNORE);
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertEquals(plain, client.text(Kind.SAY));
      assertEquals(plain, client.text(Kind.WARN));
      assertEquals(plain, client.text(Kind.ASK));
      client.answer("");
      assertHidden(plain, 0, client.receive());
      client.answer("");
      String cut = client.text(Kind.SAY);
      assertTrue(cut.endsWith("\u00e4\ud83d\ude00\u00e4 \u2026"), cut.substring(cut.length() - 9));
      assertEquals((long) PamCode.IGNORE.value(), client.end().getFirst());
    }
  }

  @Test
  void theSecretThatAChangeReplacesIsKeptApart() throws Exception {
    script =
        (request, conversation) -> {
          conversation.askHidden("PIN: ", Conversation.Kind.OLD_AUTHTOK).close();
          conversation.askHidden("New PIN: ", Conversation.Kind.AUTHTOK).close();
          return new SignInResult(PamCode.SUCCESS, "user02", Map.of());
        };
    // A shim from before an update would end the conversation at a mark that it does not know.
    for (var shim : Map.of(3, 0L, 7, 2L).entrySet()) {
      try (Client client = new Client(path)) {
        client.send(Client.startFrame(1, "user02", "", shim.getKey()));
        assertHidden("PIN: ", shim.getValue(), client.receive());
        client.answer("182736");
        assertHidden("New PIN: ", 1, client.receive());
        client.answer("564738");
        assertEquals((long) PamCode.SUCCESS.value(), client.end().getFirst());
      }
    }
  }

  private static void assertHidden(String prompt, long keep, Frame frame) throws IOException {
    assertEquals(Kind.ASK_HIDDEN, frame.kind());
    Fields fields = frame.fields();
    assertEquals(prompt, fields.text());
    assertEquals(keep, fields.u32());
  }

  @Test
  void passesOnWhatTheShimTold() throws Exception {
    CompletableFuture<PamContext> context = new CompletableFuture<>();
    CompletableFuture<String> authtok = new CompletableFuture<>();
    script =
        (request, conversation) -> {
          context.complete(conversation.context());
          authtok.complete(request.authtok().orElseThrow().revealText());
          return SignInResult.of(PamCode.IGNORE);
        };
    try (Client client = new Client(path)) {
      assertEquals(List.of(25L, ""), client.start(1, "user02", "Passw0rd!").end());
    }
    SignInRequest request = requests.take();
    assertEquals("user02", request.user());
    assertEquals(
        Set.of(Flag.NO_HELLO_PIN, Flag.MFA_POLL_PROMPT, Flag.IGNORE_UNKNOWN_USER), request.flags());
    assertTrue(request.graphical());
    assertEquals(PeerCredentials.own(), request.peer().uid());
    assertEquals(
        new PamContext("sshd", "ssh", "192.0.2.7", true, true, true, "de_DE.UTF-8"), context.get());
    assertEquals("Passw0rd!", authtok.get());
    Await.until("the authtok is wiped", () -> wiped(request.authtok().orElseThrow()));
  }

  @Test
  void reachesEveryOperation() throws Exception {
    for (Map.Entry<Integer, List<Object>> expected :
        Map.<Integer, List<Object>>of(
                1, List.of(25L, ""),
                2, List.of(7L, ""),
                3, List.of(0L, "", "KRB5CCNAME=KEYRING:persistent:1"),
                4, List.of(20L, ""),
                6, List.of(0L, ""))
            .entrySet()) {
      try (Client client = new Client(path)) {
        assertEquals(expected.getValue(), client.start(expected.getKey(), "user02", "").end());
      }
    }
  }

  @Test
  void refusesOtherBeginnings() throws Exception {
    for (int operation : List.of(0, 7, 99)) {
      try (Client client = new Client(path)) {
        assertTrue(client.start(operation, "user02", "").closed());
      }
    }
    for (Frame frame :
        List.of(
            Frame.of(Kind.ANSWER).text("x").build(),
            Frame.of(Kind.START).u32(1).text("user02").build(),
            Frame.of(Kind.START).text("1").build(),
            Frame.of(0xee).build())) {
      try (Client client = new Client(path)) {
        assertTrue(client.send(frame).closed());
      }
    }
    assertTrue(requests.isEmpty());
  }

  @Test
  void givingUpStillShowsTheFinalText() throws Exception {
    script =
        (request, conversation) -> {
          try {
            conversation.ask("Value: ");
          } catch (ConversationClosed e) {
            assertEquals(ConversationClosed.Reason.GIVEN_UP, e.reason());
            conversation.say("banner");
          }
          return SignInResult.of(PamCode.CRED_INSUFFICIENT);
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      client.send(Frame.of(Kind.GIVE_UP).build());
      assertEquals("banner", client.text(Kind.SAY));
      assertEquals(List.of(8L, ""), client.end());
    }
  }

  @Test
  void givingUpUnhandledAborts() throws Exception {
    script =
        (request, conversation) ->
            new SignInResult(PamCode.SUCCESS, conversation.ask("Value: "), Map.of());
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      assertEquals(List.of(26L, ""), client.send(Frame.of(Kind.GIVE_UP).build()).end());
    }
  }

  @Test
  void anUnansweredQuestionEndsTheCall() throws Exception {
    reopen(
        new PeerLimits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofMillis(300),
            8,
            8,
            8));
    script =
        (request, conversation) -> {
          try {
            conversation.askHidden("PIN: ", Conversation.Kind.AUTHTOK).close();
          } catch (ConversationClosed e) {
            assertEquals(ConversationClosed.Reason.GIVEN_UP, e.reason());
            conversation.say("banner");
            conversation.pause(Duration.ofMillis(500));
          }
          return SignInResult.of(PamCode.CRED_INSUFFICIENT);
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "");
      assertHidden("PIN: ", 1, client.receive());
      assertEquals("banner", client.text(Kind.SAY));
      client.answer("too late");
      assertEquals(List.of(8L, ""), client.end());
    }
  }

  @Test
  void anUnrequestedAnswerEndsIt() throws Exception {
    script =
        (request, conversation) -> {
          conversation.say("wait");
          conversation.pause(Duration.ofHours(1));
          return SignInResult.of(PamCode.SUCCESS);
        };
    for (Frame frame :
        List.of(
            Frame.of(Kind.ANSWER).text("x").build(),
            Frame.of(Kind.GIVE_UP).build(),
            Frame.of(Kind.START).build(),
            Frame.of(Kind.INPUT).text("x").build())) {
      try (Client client = new Client(path)) {
        client.start(1, "user02", "").text(Kind.SAY);
        assertTrue(client.send(frame).closed());
      }
    }
  }

  @Test
  void twoAnswersToOneQuestionEndIt() throws Exception {
    script =
        (request, conversation) -> {
          conversation.ask("Value: ");
          conversation.pause(Duration.ofHours(1));
          return SignInResult.of(PamCode.SUCCESS);
        };
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      assertTrue(client.answer("one").answer("two").closed());
    }
  }

  @Test
  void answersHaveALimit() throws Exception {
    script =
        (request, conversation) ->
            new SignInResult(PamCode.SUCCESS, "a" + conversation.ask("Value: ").length(), Map.of());
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      assertEquals(List.of(0L, "a4096"), client.answer("x".repeat(4096)).end());
    }
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      assertTrue(client.answer("x".repeat(4097)).closed());
    }
  }

  @Test
  void damagedFramesAffectNoOtherPeer() throws Exception {
    script =
        (request, conversation) ->
            new SignInResult(PamCode.SUCCESS, conversation.ask("Value: "), Map.of());
    Random random = new Random(20261122); // the same damage in every run
    for (int round = 0; round < 500; round++) {
      byte[] frame = Client.startFrame(1 + random.nextInt(6), "user02", "secret").encoded();
      for (int damages = random.nextInt(4); damages >= 0; damages--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      try (Client client = new Client(path)) {
        client.sendRaw(Arrays.copyOf(frame, 1 + random.nextInt(frame.length)));
      }
    }
    Await.until("all conversations end", () -> Await.threads("conversation-") == 0);
    try (Client client = new Client(path)) {
      client.start(1, "user02", "").text(Kind.ASK);
      assertEquals(List.of(0L, "user02"), client.answer("user02").end());
    }
  }
}
