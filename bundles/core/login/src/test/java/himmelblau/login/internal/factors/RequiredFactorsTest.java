package himmelblau.login.internal.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.conversation.PromptTexts;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider that signs users in without the second factor that this host requires. */
class RequiredFactorsTest {
  private static final String REFUSED =
      "I PAM_MAXTRIES: " + PromptTexts.FACTOR_MISSING + FirstSignInTest.BANNER_END;

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.domain.joined = true;
  }

  @Test
  void isNotBelieved() throws Exception {
    fixture.domain.forgetsFactor = true;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertTrue(seen.transcript().contains(REFUSED), seen.transcript().toString());
    assertTrue(fixture.directory.accounts().isEmpty(), "nothing is kept of it");
  }

  @Test
  void aSessionThatIsNotSufficientIsClosed() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    Session session =
        (Session)
            Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "multiFactor" -> false;
                      case "close" -> {
                        closed.incrementAndGet();
                        yield null;
                      }
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    RequiredFactors.check(session, false);
    assertEquals(0, closed.get());
    assertThrows(SignInRefused.class, () -> RequiredFactors.check(session, true));
    assertEquals(1, closed.get(), "it holds a secret that outlives the sign-in");
  }

  @Test
  void setsNoPin() throws Exception {
    fixture.domain.forgetsFactor = true;
    LoginFixture.Seen seen = fixture.changePin("user02", "182736", "182736", "Passw0rd!");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertFalse(fixture.domain.calls.contains("registerHello"));
  }

  @Test
  void isGoodEnoughWhereNoneWasDemanded() throws Exception {
    fixture.console();
    fixture.domain.forgetsFactor = true;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
  }

  @Test
  void isGoodEnoughWhereTheAdministratorSaysSo() throws Exception {
    fixture.options.put("enable_sfa_fallback", true);
    fixture.domain.forgetsFactor = true;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    assertFalse(fixture.domain.calls.contains("registerHello"), "but for no PIN");
  }

  @Test
  void isNotGoodEnoughAtTheConsoleForWhoeverHasToSignInAnew() throws Exception {
    fixture.enrolled();
    fixture.console();
    fixture.flag(SignInRequest.Flag.FORCE_REAUTH);
    fixture.domain.forgetsFactor = true;
    fixture.domain.calls.clear();
    assertTrue(fixture.refused("user02", "Passw0rd!").contains(REFUSED));
    assertTrue(fixture.domain.calls.contains("begin user02 mfa"), "" + fixture.domain.calls);
  }

  @Test
  void isNotBelievedAfterThePinEither() throws Exception {
    fixture.enrolled();
    fixture.domain.helloMultiFactor = false;
    fixture.domain.calls.clear();
    assertEquals(FirstSignInTest.PASSWORD, fixture.abandoned("user02", "182736").getLast());
    fixture.domain.forgetsFactor = true;
    assertTrue(fixture.refused("user02", "182736", "Passw0rd!").contains(REFUSED));
    fixture.domain.forgetsFactor = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736", "Passw0rd!", "").code());
    assertTrue(fixture.domain.calls.containsAll(List.of("hello user02", "begin user02 mfa")));
    fixture.console();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code(), "none demanded here");
  }
}
