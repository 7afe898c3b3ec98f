package himmelblau.login.internal.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Verdict;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.mfa.otp.internal.OtpMethod;
import himmelblau.mfa.sms.internal.SmsMethod;
import himmelblau.mfa.voice.internal.VoiceMethod;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account with several methods: which one is used, what follows a failure, and the choice. */
class ChoiceTest {
  private static final String PUSH = "PhoneAppNotification";
  private static final String SMS = "OneWaySMS";
  private static final String OTP = "PhoneAppOTP";
  private static final String CALL = "TwoWayVoiceMobile";
  private static final String HINT = "I " + PromptTexts.OTHERS_HINT;
  private static final String TEXTED =
      "I We texted your phone +XX XXXXXXX42. Please enter the code to sign in:";
  private static final String CODE = "* Code: ";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void start() {
    fixture = new LoginFixture(folder);
    fixture.methods.add(new SmsMethod(), List.of(SMS), LoginFixture.RANK);
    fixture.methods.add(new OtpMethod(), List.of(OTP), LoginFixture.RANK);
    fixture.methods.add(new VoiceMethod(), List.of(CALL), LoginFixture.RANK);
    fixture.domain.methods = List.of(PUSH, SMS, OTP);
  }

  private List<String> challenges() {
    return fixture.domain.calls.stream()
        .filter(call -> call.startsWith("challenge "))
        .map(call -> call.substring("challenge ".length()))
        .toList();
  }

  @Test
  void aDeniedRequestLeadsToTheNextMethod() throws Exception {
    fixture.domain.phones.put(PUSH, Progress.DENIED);
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(List.of(PUSH, SMS), challenges());
    assertEquals(
        List.of("I " + Verdict.Denied.STANDARD.text(), HINT, TEXTED, CODE),
        seen.transcript().subList(5, 9),
        seen.transcript().toString());
  }

  @Test
  void aRequestWithoutResponseLeadsToTheNextMethod() throws Exception {
    fixture.domain.phones.put(PUSH, Progress.EXPIRED);
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(List.of(PUSH, SMS), challenges());
  }

  @Test
  void aMethodThatTheDirectoryRefusesLeadsToTheNext() throws Exception {
    fixture.domain.factorRefusals.put(
        PUSH, ScriptedDomain.refusal(SignInRefused.Reason.FACTOR_FAILED, "not for you"));
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertTrue(seen.transcript().contains("I not for you"));
  }

  @Test
  void aMethodWhoseServiceIsBusyLeadsToTheNext() throws Exception {
    fixture.domain.brokenFactors.put(
        PUSH, new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, "busy"));
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertTrue(seen.transcript().contains("I " + PromptTexts.BUSY));
  }

  @Test
  void tooManyRequestsToThePhoneLeadToTheNextMethod() throws Exception {
    fixture.domain.methods = List.of(PUSH, OTP);
    fixture.domain.phones.put(PUSH, Progress.DENIED);
    for (int i = 0; i < 6; i++) {
      fixture.abandoned("user02", "Passw0rd!", "");
    }
    fixture.domain.calls.clear();
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code(), seen.transcript().toString());
    assertEquals(List.of(OTP), challenges());
    assertTrue(seen.transcript().contains("I " + PromptTexts.TOO_MANY_REQUESTS));
  }

  @Test
  void aLostNetworkIsNotAFailureOfTheMethod() {
    fixture.domain.brokenFactors.put(
        PUSH, new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "gone"));
    List<String> seen = fixture.abandoned("user02", "Passw0rd!", "");
    assertEquals(List.of(PUSH), challenges());
    assertTrue(seen.contains("I " + PromptTexts.UNREACHABLE), seen.toString());
  }

  @Test
  void aDisabledAccountIsNotTriedWithAnotherMethod() throws Exception {
    fixture.domain.factorRefusals.put(
        PUSH, ScriptedDomain.refusal(SignInRefused.Reason.ACCOUNT_DISABLED, "disabled"));
    fixture.refused("user02", "Passw0rd!", "");
    assertEquals(List.of(PUSH), challenges());
  }

  @Test
  void threeRefusalsEndTheCallWhateverTheMethods() throws Exception {
    fixture.domain.methods = List.of(PUSH, CALL, SMS, OTP);
    fixture.domain.phone = Progress.DENIED;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "", "1", "2", "3");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertEquals(List.of(PUSH, CALL, SMS), challenges());
  }

  @Test
  void theLastFailureStartsOverAndNeverLeadsToThePasswordAlone() throws Exception {
    fixture.options.put("enable_sfa_fallback", true);
    fixture.domain.joined = true;
    fixture.domain.methods = List.of(PUSH, CALL);
    fixture.domain.phone = Progress.DENIED;
    List<String> seen = fixture.abandoned("user02", "Passw0rd!", "", "");
    assertEquals(List.of(PUSH, CALL), challenges());
    assertEquals("* " + PromptTexts.PASSWORD, seen.getLast());
    assertFalse(fixture.domain.calls.contains("begin user02"), "never without a second factor");
  }

  @Test
  void aDeniedFirstFactorDoesNotLeadToThePasswordWhenTheOtherIsNotPossible() throws Exception {
    fixture.domain.passwordless = true;
    fixture.domain.methods = List.of(PUSH, "Key");
    fixture.domain.phones.put(PUSH, Progress.DENIED);
    fixture.methods.add(new NoKey(), List.of("Key"), LoginFixture.RANK);
    List<String> seen = fixture.abandoned("user02", "", "");
    assertFalse(seen.contains("* " + PromptTexts.PASSWORD), seen.toString());
    assertTrue(challenges().size() >= 2);
  }

  @Test
  void aMethodThatIsNotPossibleHereDoesNotCount() throws Exception {
    fixture.domain.methods = List.of("Key", PUSH, CALL);
    fixture.domain.phones.put(PUSH, Progress.DENIED);
    fixture.methods.add(new NoKey(), List.of("Key"), LoginFixture.RANK);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertTrue(seen.transcript().contains("I no key is plugged in"));
  }

  @Test
  void aQuestionMarkListsTheOthers() throws Exception {
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "?", "7", "2", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    String list =
        "I Other ways to sign in:\nWay 1: Text message\nWay 2: Code of an authenticator app";
    assertEquals(
        List.of(
            HINT,
            "I Open your Authenticator app, and enter the number '11' to sign in.\n"
                + "No push? Check your mobile device's internet connection.",
            "* Press enter to continue",
            list,
            "? Number of the way: ",
            list,
            "? Number of the way: ",
            HINT,
            "I Please enter the code shown in your authenticator app:",
            CODE),
        seen.transcript().subList(2, 12),
        seen.transcript().toString());
    assertEquals(List.of(PUSH, OTP), challenges());
  }

  @Test
  void anEmptyCodeListsTheOthersAndIsNotSent() throws Exception {
    fixture.options.put("mfa_method", SMS);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "1", "", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(List.of(SMS, PUSH), challenges());
    assertEquals(List.of("Passw0rd!"), fixture.domain.secrets);
  }

  @Test
  void choosingWithoutEndEndsTheCall() throws Exception {
    fixture.options.put("mfa_method", SMS);
    String[] answers = new String[60];
    Arrays.fill(answers, "");
    answers[0] = "Passw0rd!";
    LoginFixture.Seen seen = fixture.signIn("user02", answers);
    assertEquals(PamCode.MAXTRIES, seen.code());
  }

  @Test
  void oneMethodAloneIsAskedForAsBefore() throws Exception {
    fixture.domain.methods = List.of(SMS);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "424242", "182736", "182736");
    assertEquals(TEXTED, seen.transcript().get(2));
  }

  @Test
  void withoutAPromptOfTheirOwnThereIsNothingToChooseWith() throws Exception {
    fixture.service = "sddm";
    fixture.rhost = "";
    fixture.flags = Set.of();
    fixture.domain.phones.put(PUSH, Progress.DENIED);
    fixture.domain.methods = List.of(PUSH, SMS, CALL);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(List.of(PUSH, CALL), challenges(), "a code cannot be typed");
    assertFalse(seen.transcript().contains(HINT));
  }

  @Test
  void oneFieldIsNotAskedAgainAfterADenial() throws Exception {
    fixture.service = "vsftpd";
    fixture.flags = Set.of();
    fixture.domain.methods = List.of(CALL);
    fixture.domain.phone = Progress.DENIED;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "Passw0rd!", "Passw0rd!");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertEquals(List.of(CALL), challenges(), "the phone rings once");
  }

  @Test
  void aMethodThatGoesOnAfterTheUserAskedForOthersIsNotBelieved() throws Exception {
    fixture.domain.methods = List.of("Deaf", SMS);
    fixture.methods.add(new Deaf(), List.of("Deaf"), LoginFixture.RANK);
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "?", "1", "424242", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(List.of("Deaf", SMS), challenges());
  }

  @Test
  void aNewPasswordIsNotAskedForWhereItCannotBeTyped() throws Exception {
    fixture.service = "vsftpd";
    fixture.flags = Set.of();
    fixture.domain.joined = true;
    fixture.domain.expiredPassword = true;
    fixture.domain.methods = List.of(CALL);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertTrue(seen.transcript().toString().contains(PromptTexts.NEW_PASSWORD_ELSEWHERE));
  }

  @Test
  void cockpitGetsAPromptWithoutAnyOption() throws Exception {
    fixture.service = "cockpit";
    fixture.flags = Set.of();
    fixture.domain.methods = List.of(PUSH);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals("* Press enter to continue", seen.transcript().get(3));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  /** Needs a device that is not there. */
  private static final class NoKey implements MfaMethod {
    @Override
    public Set<Trait> traits() {
      return Set.of();
    }

    @Override
    public Verdict verify(Challenge challenge, Conversation with) {
      return new Verdict.NotPossible("no key is plugged in");
    }
  }

  /** Breaks the contract: takes the end of the conversation for an approval. */
  private static final class Deaf implements MfaMethod {
    @Override
    public Set<Trait> traits() {
      return Set.of();
    }

    @Override
    public Verdict verify(Challenge challenge, Conversation with)
        throws DomainUnavailable, SignInRefused {
      challenge.begin();
      try {
        with.askHidden("Deaf: ", Conversation.Kind.PASSING).close();
      } catch (ConversationClosed e) {
        return new Verdict.Approved();
      }
      return Verdict.Denied.STANDARD;
    }
  }
}
