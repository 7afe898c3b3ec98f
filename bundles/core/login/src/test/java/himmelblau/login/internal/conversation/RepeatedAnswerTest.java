package himmelblau.login.internal.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Verdict;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.login.internal.ScriptedUser;
import himmelblau.mfa.devicecode.internal.DeviceCodeMethod;
import himmelblau.mfa.fido2.internal.SecurityKeyMethod;
import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import himmelblau.mfa.otp.internal.OtpMethod;
import himmelblau.mfa.phonesignin.internal.PhoneSignInMethod;
import himmelblau.mfa.sms.internal.SmsMethod;
import himmelblau.mfa.tap.internal.TapMethod;
import himmelblau.mfa.voice.internal.VoiceMethod;
import himmelblau.testing.authenticator.plugin.SoftKeys;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that give the same answer to every question: each sign-in ends after few questions,
 * counts one attempt, and passes no secret to the wrong question.
 */
class RepeatedAnswerTest {
  private static final String PIN = "182736";
  private static final String RIGHT = "Passw0rd!";
  private static final int MOST_PROMPTS = 10;

  /** What sshd hands in for somebody whom it does not admit. */
  private static final String SUBSTITUTE = "\b\n\r\u007fINCORRECT\b\n\r\u007fINCO";

  private static final List<String> ANSWERS =
      List.of("", "foo", "918273", PIN, RIGHT, SUBSTITUTE, "\b");

  private static final String KEY = "key";
  private static final String KEY_PIN = "24680";
  private static final int KEY_TRIES = 8;

  @TempDir Path folder;
  private final SoftKeys keys = new SoftKeys();
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.methods.add(new DeviceCodeMethod(), List.of("DeviceCode"), LoginFixture.RANK);
    fixture.methods.add(new OtpMethod(), List.of("PhoneAppOTP"), LoginFixture.RANK);
    fixture.methods.add(new PhoneSignInMethod(), List.of("RemoteNGC"), LoginFixture.RANK);
    fixture.methods.add(new SmsMethod(), List.of("OneWaySMS"), LoginFixture.RANK);
    fixture.methods.add(new TapMethod(), List.of("AccessPass"), LoginFixture.RANK);
    fixture.methods.add(new VoiceMethod(), List.of("TwoWayVoiceMobile"), LoginFixture.RANK);
  }

  /** A security key of the account is plugged in, and can be used at the console. */
  private void securityKey() throws Exception {
    SecurityKeyMethod method = new SecurityKeyMethod(new KeyOptions());
    Method bind =
        SecurityKeyMethod.class.getDeclaredMethod("setTransport", AuthenticatorTransport.class);
    bind.setAccessible(true); // as the framework does
    bind.invoke(method, keys);
    keys.make(KEY, KEY_PIN);
    byte[] id = Base64.getDecoder().decode(keys.passkey(KEY, "user02").split(" ")[0]);
    keys.insert(KEY);
    fixture.methods.add(method, List.of("FidoKey"), LoginFixture.RANK);
    fixture.domain.passkeys = List.of(id);
    fixture.domain.methods = List.of("FidoKey");
    fixture.console();
  }

  private static final class KeyOptions implements SecurityKeyMethod.Config {
    @Override
    public long fido_timeout() {
      return 5;
    }

    @Override
    public String fido_prompt() {
      return "insert";
    }

    @Override
    public String fido_presence_prompt() {
      return "touch";
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return SecurityKeyMethod.Config.class;
    }
  }

  /** A kind of sign-in, and how to reach it. */
  enum Entry {
    PUSH,
    PUSH_DENIED,
    PUSH_NOT_ANSWERED,
    CALL,
    TEXT_MESSAGE,
    APP_CODE,
    ACCESS_PASS,
    PHONE_ALONE,
    PHONE_ALONE_DENIED,
    DEVICE_CODE,
    DEVICE_CODE_NOT_ANSWERED,
    SECURITY_KEY,
    SECURITY_KEY_ALONE,
    NO_METHOD,
    FACTOR_FORGOTTEN,
    EXPIRED_PASSWORD,
    WITH_PIN,
    WITH_PIN_OFFLINE,
    WITH_PIN_THAT_OPENS_NO_SESSION,
    WITH_PIN_THAT_IS_REFUSED,
    WITH_CODE_APP,
    WITHOUT_CODE_APP,
    CACHED_PASSWORD,
    CHANGE_PIN,
    CHANGE_PIN_WITHOUT_ONE,
    CHANGE_PIN_THAT_OPENS_NO_SESSION;

    boolean pin() {
      return name().startsWith("WITH")
          || (name().startsWith("CHANGE_PIN") && !name().endsWith("ONE"));
    }
  }

  static Stream<Arguments> all() {
    return Stream.of(Entry.values())
        .flatMap(entry -> ANSWERS.stream().map(answer -> Arguments.of(entry, answer)));
  }

  private void stand(Entry entry) throws Exception {
    if (entry.pin()) {
      fixture.enrolled();
    }
    ScriptedDomain domain = fixture.domain;
    domain.secrets.clear();
    switch (entry) {
      case PUSH, WITH_PIN, CHANGE_PIN, CHANGE_PIN_WITHOUT_ONE -> {}
      case PUSH_DENIED -> domain.phone = Progress.DENIED;
      case PUSH_NOT_ANSWERED -> domain.phone = Progress.PENDING;
      case CALL -> domain.methods = List.of("TwoWayVoiceMobile");
      case TEXT_MESSAGE -> domain.methods = List.of("OneWaySMS");
      case APP_CODE -> domain.methods = List.of("PhoneAppOTP");
      case ACCESS_PASS -> alone("AccessPass");
      case PHONE_ALONE -> alone("RemoteNGC");
      case PHONE_ALONE_DENIED -> {
        alone("RemoteNGC");
        domain.phone = Progress.DENIED;
      }
      case DEVICE_CODE -> alone("DeviceCode");
      case DEVICE_CODE_NOT_ANSWERED -> {
        alone("DeviceCode");
        domain.phone = Progress.PENDING;
      }
      case SECURITY_KEY -> securityKey();
      case SECURITY_KEY_ALONE -> {
        securityKey();
        domain.passwordless = true;
      }
      case NO_METHOD -> domain.methods = List.of("FidoKey");
      case FACTOR_FORGOTTEN -> domain.forgetsFactor = true;
      case EXPIRED_PASSWORD -> domain.expiredPassword = true;
      case WITH_PIN_OFFLINE -> domain.reachable = false;
      case WITH_PIN_THAT_OPENS_NO_SESSION, CHANGE_PIN_THAT_OPENS_NO_SESSION ->
          domain.helloRefusal =
              ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "revoked");
      case WITH_PIN_THAT_IS_REFUSED ->
          domain.helloRefusal = ScriptedDomain.refusal(SignInRefused.Reason.OTHER, "by policy");
      case WITHOUT_CODE_APP -> fixture.options.put("enable_hello_totp", true);
      case WITH_CODE_APP -> {
        fixture.options.put("enable_hello_totp", true);
        try (UnlockedKey key =
                fixture
                    .environment
                    .hello()
                    .orElseThrow()
                    .unlock(
                        fixture.environment.directory().resolve("user02").orElseThrow(),
                        Secret.ofText(PIN));
            Secret app = Secret.ofText("12345678901234567890")) {
          key.write(UnlockedKey.Item.TOTP, app);
        }
      }
      case CACHED_PASSWORD -> {
        domain.joined = true;
        domain.methods = List.of();
        fixture.console();
        assertEquals(PamCode.SUCCESS, fixture.signIn("user02", RIGHT).code());
        domain.secrets.clear();
        domain.reachable = false;
      }
    }
  }

  private void alone(String method) {
    fixture.domain.methods = List.of(method);
    fixture.domain.passwordless = true;
  }

  @ParameterizedTest
  @MethodSource("all")
  void ends(Entry entry, String answer) throws Exception {
    stand(entry);
    ScriptedUser program = ScriptedUser.always(answer);
    PamCode code =
        entry.name().startsWith("CHANGE")
            ? fixture.changePin("user02", program)
            : fixture.signIn("user02", program);

    assertTrue(program.prompts() <= MOST_PROMPTS, program.seen().toString());
    int sent = Collections.frequency(fixture.domain.secrets, answer);
    boolean good = answer.equals(RIGHT);
    assertTrue(sent <= (good ? SignInAttempt.MOST_REFUSALS : 1), "sent: " + fixture.domain.secrets);
    assertEquals(sent, fixture.domain.secrets.size());
    long loop = fixture.domain.calls.stream().filter(call -> call.startsWith("begin")).count();
    assertTrue(loop <= SignInAttempt.MOST_REFUSALS + 1, fixture.domain.calls.toString());
    if (entry.pin()) {
      assertEquals(List.of(), fixture.domain.secrets, "the answer to the PIN prompt went out");
    }
    if (entry.name().startsWith("SECURITY_KEY")) {
      assertKeyIsUsable(entry, answer);
    }
    if (answer.equals(SUBSTITUTE) || answer.equals("\b")) {
      assertEquals(PamCode.AUTH_ERR, code);
      assertEquals(1, program.prompts());
      assertEquals(List.of(), fixture.domain.secrets);
      assertTrue(
          program.seen().toString().contains(PromptTexts.SSHD_REFUSES), program.seen().toString());
    }
    if (entry.pin() && code != PamCode.SUCCESS) {
      assertPinIsThere(answer.isEmpty() || answer.equals(SUBSTITUTE) || answer.equals("\b"));
    }
  }

  /** A key counts wrong PINs and destroys its passkeys after the last one. */
  private void assertKeyIsUsable(Entry entry, String answer) {
    int left = Integer.parseInt(keys.tries(KEY));
    boolean alone = entry == Entry.SECURITY_KEY_ALONE;
    assertTrue(left >= (alone ? KEY_TRIES - 1 : KEY_TRIES), answer + " left " + left + " tries");
    if (alone) {
      assertEquals(List.of(), fixture.domain.secrets, "the PIN of the key went out");
    }
  }

  @Test
  void theRightPinOfASecurityKeySignsIn() throws Exception {
    stand(Entry.SECURITY_KEY_ALONE);
    fixture.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", ScriptedUser.always(KEY_PIN)));
    assertEquals(String.valueOf(KEY_TRIES), keys.tries(KEY));
  }

  @Test
  void aWrongPinOfASecurityKeyIsTriedOnceInACall() throws Exception {
    stand(Entry.SECURITY_KEY_ALONE);
    List<String> seen = fixture.refused("user02", "1357", "1357", "1357", "1357", "1357");
    assertEquals(String.valueOf(KEY_TRIES - 1), keys.tries(KEY), seen.toString());
    assertTrue(seen.toString().contains(PromptTexts.REFUSED_BEFORE), seen.toString());
  }

  @Test
  void thePasswordIsNeverTriedAsThePinOfASecurityKey() throws Exception {
    stand(Entry.SECURITY_KEY);
    List<String> seen = fixture.refused("user02", RIGHT, RIGHT);
    assertEquals(String.valueOf(KEY_TRIES), keys.tries(KEY));
    assertTrue(seen.toString().contains(PromptTexts.ONE_ANSWER_FOR_ALL), seen.toString());
  }

  /** One wrong attempt was counted at most, so there are two more. */
  private void assertPinIsThere(boolean uncounted) throws Exception {
    fixture.domain.helloRefusal = null;
    fixture.options.remove("enable_hello_totp");
    fixture.domain.reachable = true;
    String warned = "I " + PromptTexts.ONE_PIN_LEFT;
    List<String> seen = fixture.abandoned("user02", "000001");
    assertEquals(false, uncounted && seen.contains(warned), seen.toString());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", PIN).code());
  }

  @Test
  void aWrongAnswerIsToldApartFromOneThatWasNotTried() throws Exception {
    fixture.enrolled();
    List<String> seen = fixture.refused("user02", "918273", "918273");
    assertEquals(
        "I PAM_AUTH_ERR: " + PromptTexts.REFUSED_BEFORE + FirstSignInTest.BANNER_END,
        seen.get(seen.size() - 2));
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user02", "918274", "918274").code());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", PIN).code(), "two were counted");
  }

  @Test
  void threeDifferentWrongPasswordsEndTheCall() throws Exception {
    LoginFixture.Seen seen = fixture.signIn("user02", "one", "two", "three");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertEquals(List.of("one", "two", "three"), fixture.domain.secrets);
    assertTrue(
        seen.transcript()
            .contains("I PAM_MAXTRIES: Invalid username or password" + FirstSignInTest.BANNER_END));
  }

  @Test
  void aMethodThatNeverStopsAskingIsStopped() throws Exception {
    fixture.methods.remove(fixture.push);
    fixture.methods.add(new Endless(), List.of("PhoneAppNotification"), LoginFixture.RANK);
    fixture.flag(Flag.NO_HELLO_PIN);
    ScriptedUser program = ScriptedUser.always(RIGHT);
    PamCode code = fixture.signIn("user02", program);
    assertEquals(StepConversation.MOST_QUESTIONS, program.prompts());
    assertEquals(PamCode.MAXTRIES, code);
  }

  @Test
  void aNewPinIsNotThePassword() throws Exception {
    LoginFixture.Seen seen = fixture.signIn("user02", RIGHT, "", RIGHT);
    assertEquals(PamCode.SUCCESS, seen.code(), "two factors are proven");
    assertEquals("I " + PromptTexts.ONE_ANSWER_FOR_ALL, seen.transcript().getLast());
    assertEquals(
        FirstSignInTest.ASK, fixture.abandoned("user02").getFirst(), "so there is no PIN yet");
  }

  /** Asks for ever, and then says that all is well. */
  private static final class Endless implements MfaMethod {
    @Override
    public Set<Trait> traits() {
      return Set.of();
    }

    @Override
    public Verdict verify(Challenge challenge, Conversation with)
        throws DomainUnavailable, SignInRefused {
      challenge.begin();
      try {
        while (true) {
          with.askHidden("Again: ", Conversation.Kind.PASSING).close();
        }
      } catch (ConversationClosed e) {
        return new Verdict.Approved(); // as if nothing had been
      }
    }
  }
}
