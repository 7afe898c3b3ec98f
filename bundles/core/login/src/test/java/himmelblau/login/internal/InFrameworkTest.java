package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hello.Hello;
import himmelblau.api.hsm.Machine;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInService;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Area;
import himmelblau.api.store.Store;
import himmelblau.api.store.Vault;
import himmelblau.contract.mfa.ScriptedConversation;
import himmelblau.hello.internal.HelloComponent;
import himmelblau.mfa.push.internal.PushMethod;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.ConfigurationAdmin;

/** The shipped bundles in a real framework: start, replace, remove. */
class InFrameworkTest {
  @TempDir Path folder;
  private final ScriptedDomain domain = new ScriptedDomain();
  private Felix felix;
  private Bundle login;
  private Bundle push;
  private Bundle hello;

  @BeforeEach
  void start() throws Exception {
    felix = new Felix(folder.resolve("felix"));
    for (String type :
        List.of(
            "com.google.zxing.WriterException",
            "himmelblau.argon2.Argon2id",
            "org.bouncycastle.crypto.generators.Argon2BytesGenerator",
            "com.sun.jna.Native")) {
      felix.install(Class.forName(type));
    }
    offer(Directory.class, new MemoryDirectory(), Map.of());
    offer(Machine.class, new MemoryMachine(), Map.of());
    offer(Vault.class, new MemoryVault(), Map.of());
    Map<String, Area> areas = new ConcurrentHashMap<>();
    Store store =
        (name, migrations) ->
            areas.computeIfAbsent(name, n -> new SqliteArea(folder.resolve(n), migrations));
    offer(Store.class, store, Map.of());
    offer(DomainProvider.class, domain, Map.of(DomainProvider.DOMAIN, "example.org"));
    login = felix.install(LoginComponent.class);
    login.start();
    push = felix.install(PushMethod.class);
    push.start();
    hello = felix.install(HelloComponent.class);
    hello.start();
    configure(Map.of("domain", "example.org", "domains", new String[] {"example.org"}));
  }

  @AfterEach
  void stop() throws Exception {
    felix.close();
  }

  private <S> void offer(Class<S> type, S service, Map<String, Object> properties) {
    felix.context().registerService(type, service, new Hashtable<>(properties));
  }

  private void configure(Map<String, Object> options) throws Exception {
    felix
        .service(ConfigurationAdmin.class)
        .getConfiguration("himmelblau.global", "?")
        .update(new Hashtable<>(options));
  }

  private LoginFixture.Seen signIn(ScriptedConversation user) throws Exception {
    SignInRequest request =
        new SignInRequest(
            LoginFixture.ROOT,
            "user02",
            "sshd",
            "",
            "192.0.2.7",
            Set.of(SignInRequest.Flag.MFA_POLL_PROMPT),
            false,
            "",
            Optional.empty());
    return new LoginFixture.Seen(
        felix.service(SignInService.class).authenticate(request, user),
        user.transcript(),
        user.hiddenKinds());
  }

  private static ScriptedConversation user(String... answers) {
    return new ScriptedConversation(ScriptedConversation.CONSOLE, answers);
  }

  /** Services reach their users one after the other. */
  private Trouble ready() throws Exception {
    felix.service(Hello.class);
    Trouble trouble = felix.service(Trouble.class);
    for (int i = 0; i < 400 && !trouble.troubles().isEmpty(); i++) {
      Thread.sleep(25);
    }
    assertEquals(List.of(), trouble.troubles());
    return trouble;
  }

  private LoginFixture.Seen enrol() throws Exception {
    ready();
    return signIn(user("Passw0rd!", "", "182736", "182736"));
  }

  @Test
  void theWholePath() throws Exception {
    assertEquals(PamCode.SUCCESS, enrol().code());
    assertEquals(PamCode.SUCCESS, signIn(user("182736")).code());
  }

  @Test
  void aMethodIsReplacedDuringASignIn() throws Exception {
    ready();
    push.stop();
    ScriptedConversation user =
        user("Passw0rd!", "", "182736", "182736").duringPauses(() -> started(push));
    LoginFixture.Seen seen = signIn(user);
    assertTrue(seen.transcript().contains("~ PT0.25S"), "waited for it");
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void whatIsMissingIsTold() throws Exception {
    Trouble trouble = ready();
    push.stop();
    hello.stop();
    assertEquals(
        List.of(
            "PINs do not work: the bundle himmelblau.hello is not running; start it",
            "These sign-in methods are switched off: CompanionAppsNotification,"
                + " PhoneAppNotification; start their bundles"),
        trouble.troubles());
  }

  private static void started(Bundle bundle) {
    try {
      bundle.start();
    } catch (org.osgi.framework.BundleException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSignInFinishesOnTheInstanceThatItBeganOn() throws Exception {
    assertEquals(PamCode.SUCCESS, enrol().code());
    ScriptedConversation user =
        user("918273", "182736")
            .duringPauses(
                () -> {
                  try {
                    login.stop();
                  } catch (org.osgi.framework.BundleException e) {
                    throw new IllegalStateException(e);
                  }
                });
    assertEquals(PamCode.SUCCESS, signIn(user).code());
    login.start();
    assertEquals(PamCode.SUCCESS, signIn(user("182736")).code());
  }

  @Test
  void helloIsReplacedBetweenSignIns() throws Exception {
    assertEquals(PamCode.SUCCESS, enrol().code());
    hello.stop();
    LoginFixture.Seen seen = signIn(user("182736").duringPauses(() -> started(hello)));
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("* PIN: ", seen.transcript().getLast());
  }

  @Test
  void optionsAreFollowedWithoutARestart() throws Exception {
    assertEquals(PamCode.SUCCESS, enrol().code());
    SignInService before = felix.service(SignInService.class);
    configure(Map.of("domain", "example.org", "hello.pin.prompt", "Und die PIN?"));
    for (int i = 0; i < 400; i++) {
      if (signIn(user("182736")).transcript().getFirst().equals("I Und die PIN?")) {
        assertEquals(before, felix.service(SignInService.class), "no new instance");
        return;
      }
      Thread.sleep(25);
    }
    throw new AssertionError("the option was not followed");
  }
}
