package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInResult;
import himmelblau.api.login.SignInService;
import himmelblau.api.login.Translations;
import himmelblau.api.secret.Secret;
import himmelblau.api.status.Outage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sign-in socket with a service that does what a test says. */
@Timeout(60)
abstract class SignInCase {
  @TempDir Path folder;
  Path path;
  Listener listener;
  SignInDispatch dispatch;
  final AwaitedService<SignInService> service = new AwaitedService<>();
  final AwaitedService<Outage> outage = new AwaitedService<>();
  final AwaitedService<Translations> translations = new AwaitedService<>();
  volatile Duration patience = Duration.ofSeconds(20);
  final BlockingQueue<SignInRequest> requests = new LinkedBlockingQueue<>();
  volatile Script script = (request, conversation) -> SignInResult.of(PamCode.IGNORE);

  volatile Consumer<SignInRequest> unsealing = request -> {};

  interface Script {
    SignInResult run(SignInRequest request, Conversation conversation) throws ConversationClosed;
  }

  @BeforeEach
  void setUp() throws Exception {
    path = folder.resolve("socket");
    listener = open(PeerLimits.USUAL);
    service.set(new Scripted());
  }

  private Listener open(PeerLimits limits) throws IOException {
    dispatch =
        new SignInDispatch(service, outage, translations, new HostLocale(Map.of()), () -> patience);
    return Listener.open("signin", path, "rw-rw-rw-", limits, dispatch);
  }

  void reopen(PeerLimits limits) throws IOException {
    listener.close();
    listener = open(limits);
  }

  @AfterEach
  void tearDown() throws Exception {
    listener.close();
    assertEquals(0, Await.threads("conversation-"));
    assertEquals(0, Await.threads("signin"));
  }

  /** Answers with the code that is the number of the operation, but for a sign-in. */
  final class Scripted implements SignInService {
    @Override
    public void forgetAll() {}

    @Override
    public SignInResult authenticate(SignInRequest request, Conversation conversation)
        throws ConversationClosed {
      requests.add(request);
      return script.run(request, conversation);
    }

    @Override
    public SignInResult account(SignInRequest request, Conversation conversation) {
      return SignInResult.of(PamCode.AUTH_ERR);
    }

    @Override
    public SignInResult openSession(SignInRequest request, Conversation conversation) {
      return new SignInResult(PamCode.SUCCESS, "", Map.of("KRB5CCNAME", "KEYRING:persistent:1"));
    }

    @Override
    public SignInResult closeSession(SignInRequest request, Conversation conversation) {
      return SignInResult.of(PamCode.SUCCESS);
    }

    @Override
    public SignInResult changePin(SignInRequest request, Conversation conversation) {
      return SignInResult.of(PamCode.AUTHTOK_ERR);
    }

    @Override
    public void unseal(SignInRequest request) {
      requests.add(request);
      unsealing.accept(request);
    }
  }

  static boolean wiped(Secret secret) {
    try {
      secret.revealText();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
