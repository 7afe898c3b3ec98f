package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Prompt;
import himmelblau.domain.oidc.internal.Issuer.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device authorization grant (RFC 8628). */
class DeviceCodeTest {
  private final OidcFixture at = new OidcFixture();
  private SignIn signIn;
  private Challenge challenge;
  private Prompt prompt;

  @BeforeEach
  void begin() throws Exception {
    signIn = at.provider.begin(at.user(), OidcFixture.POLICY);
    challenge = signIn.challenge(((Step.NeedFactor) signIn.step()).offers().get(0));
    prompt = challenge.begin();
  }

  @AfterEach
  void end() {
    signIn.close();
  }

  private String code() {
    return prompt.device().orElseThrow().userCode();
  }

  private Progress after(Duration time) throws Exception {
    at.pass(time);
    return challenge.poll();
  }

  private static Duration seconds(int number) {
    return Duration.ofSeconds(number);
  }

  @Test
  void theIssuerIsNotAskedBeforeItsInterval() throws Exception {
    assertEquals(Progress.PENDING, after(Duration.ZERO));
    assertEquals(Progress.PENDING, after(seconds(4)));
    assertEquals(0, at.issuer.asked("/token"));
    assertEquals(Progress.PENDING, after(seconds(1)));
    assertEquals(1, at.issuer.asked("/token"));
  }

  @Test
  void slowDownMakesEachFollowingPauseFiveSecondsLonger() throws Exception {
    at.issuer.fault = Fault.SLOW_DOWN_ONCE;
    assertEquals(Progress.PENDING, after(seconds(5)));
    for (int i = 1; i < 3; i++) {
      assertEquals(Progress.PENDING, after(seconds(9)));
      assertEquals(i, at.issuer.asked("/token"));
      assertEquals(Progress.PENDING, after(seconds(1)));
      assertEquals(i + 1, at.issuer.asked("/token"));
    }
  }

  @Test
  void whoDeclinesIsDenied() throws Exception {
    at.issuer.deny(code());
    assertEquals(Progress.DENIED, after(seconds(5)));
    assertThrows(IllegalStateException.class, () -> signIn.approved(challenge));
    at.issuer.complete(code(), "ada");
    assertEquals(Progress.EXPIRED, after(seconds(5)), "the code is used up");
  }

  @Test
  void aCodeThatTheIssuerCallsExpiredIsExpired() throws Exception {
    at.issuer.expire(code());
    assertEquals(Progress.EXPIRED, after(seconds(5)));
  }

  @Test
  void aCodeExpiresOnThisHostToo() throws Exception {
    assertEquals(seconds(600), prompt.deadline());
    at.issuer.complete(code(), "ada");
    assertEquals(Progress.EXPIRED, after(seconds(600)));
    assertEquals(0, at.issuer.asked("/token"));
  }

  @Test
  void aLostRequestCostsNoSignIn() throws Exception {
    at.issuer.fault = Fault.UNREACHABLE;
    assertEquals(Progress.PENDING, after(seconds(5)));
    at.issuer.fault = Fault.BROKEN;
    assertEquals(Progress.PENDING, after(seconds(10)));
    at.issuer.fault = Fault.NONE;
    at.issuer.complete(code(), "ada");
    assertEquals(Progress.APPROVED, after(seconds(20)));
  }

  @Test
  void anIssuerThatStaysAwayEndsIt() throws Exception {
    at.issuer.fault = Fault.UNREACHABLE;
    for (int i = 0; i < 4; i++) {
      assertEquals(Progress.PENDING, after(seconds(100)));
    }
    assertThrows(DomainUnavailable.class, () -> after(seconds(100)));
  }

  @Test
  void aUserWhoLeavesEndsThePolling() throws Exception {
    signIn.close();
    assertThrows(IllegalStateException.class, () -> after(seconds(5)));
    assertEquals(0, at.issuer.asked("/token"));
    assertThrows(IllegalStateException.class, challenge::begin);
  }

  /** The code was completed, but by somebody else. */
  @Test
  void anotherAccountIsRefused() throws Exception {
    at.issuer.complete(code(), "grace");
    assertEquals(Progress.APPROVED, after(seconds(5)));
    SignInRefused refusal = assertThrows(SignInRefused.class, () -> signIn.approved(challenge));
    assertEquals(Reason.OTHER_ACCOUNT, refusal.reason());
    assertEquals(
        "Another account than ada@corp.example signed in with the browser."
            + " Please sign in there as ada@corp.example.",
        refusal.text());
    assertFalse(signIn.step() instanceof Step.Complete);
  }

  @Test
  void aClientThatMayNotIsToldSo() throws Exception {
    at.issuer.fault = Fault.CLIENT_NOT_ALLOWED;
    Challenge another = signIn.challenge(challenge.offer());
    SignInRefused refusal = assertThrows(SignInRefused.class, another::begin);
    assertEquals(Reason.BLOCKED_BY_POLICY, refusal.reason());
    assertEquals("unauthorized_client", refusal.code().orElseThrow());
    assertTrue(refusal.text().contains("does not allow this host"));
  }
}
