package himmelblau.login.internal.pin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.login.internal.ScriptedUser;
import himmelblau.login.internal.conversation.PromptTexts;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A one-time code in addition to the PIN ({@code enable_hello_totp}). */
class LocalCodeTest {
  private static final String CODE = "TOTP Code: ";
  private static final String INVITATION = "Open your authenticator app";
  private static final Pattern KEY = Pattern.compile("Enter the setup key '([A-Z2-7]+)'");

  @TempDir Path folder;
  private LoginFixture fixture;
  private String app = "";

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.options.put("enable_hello_totp", true);
    fixture.start();
  }

  /** Somebody with the password, the phone, a PIN and an authenticator app. */
  private ScriptedUser user(String pin, int step) {
    Map<String, String> answers =
        Map.of(
            "Entra Id Password: ", "Passw0rd!",
            "Press enter to continue", "",
            "PIN: ", pin,
            "New PIN: ", pin,
            "Confirm PIN: ", pin);
    return new ScriptedUser(
        seen -> {
          Matcher invited = KEY.matcher(seen.get(seen.size() - 2));
          if (invited.find()) {
            app = invited.group(1);
          }
          String prompt = seen.getLast();
          return prompt.equals(CODE) ? code(app, step) : answers.get(prompt);
        });
  }

  /** RFC 6238, each of the three codes that are good now once. */
  private static String code(String app, int step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(base32(app), "HmacSHA1"));
      long now = System.currentTimeMillis() / 30_000 + step;
      byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(now).array());
      int number = ByteBuffer.wrap(hash).getInt(hash[19] & 0xf) & 0x7fffffff;
      return "%06d".formatted(number % 1_000_000);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] base32(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * 5 / 8);
    int buffer = 0;
    int bits = 0;
    for (char letter : text.toCharArray()) {
      buffer = buffer << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.put((byte) (buffer >> bits));
      }
    }
    return bytes.array();
  }

  private static boolean invited(ScriptedUser user) {
    return user.seen().stream().anyMatch(text -> text.startsWith(INVITATION));
  }

  private void enrolled() throws Exception {
    ScriptedUser user = user("182736", -1);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user));
    assertTrue(invited(user), user.seen().toString());
    fixture.domain.calls.clear();
  }

  @Test
  void aProgramWithOnePromptIsNotAskedForACode() throws Exception {
    enrolled();
    fixture.service = "vsftpd"; // it would give the PIN again, which would count as a wrong code
    ScriptedUser user = user("182736", 0);
    assertEquals(PamCode.MAXTRIES, fixture.signIn("user02", user));
    assertFalse(user.seen().contains(CODE), user.seen().toString());
    fixture.service = "sshd";
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user("182736", 0)));
  }

  /** With a PIN and without an app, as before the option was set. */
  private void enrolledBefore() throws Exception {
    fixture.options.put("enable_hello_totp", false);
    fixture.enrolled();
    fixture.options.put("enable_hello_totp", true);
    fixture.domain.calls.clear();
  }

  private List<String> calls() {
    return List.copyOf(fixture.domain.calls);
  }

  @Test
  void anAppIsSetUpWithThePin() throws Exception {
    enrolled();
    ScriptedUser second = user("182736", 0);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", second));
    assertEquals(List.of("hello user02"), calls(), "PIN and code are enough");
    assertTrue(second.seen().contains(CODE) && !invited(second), second.seen().toString());
    List<String> wrong = fixture.abandoned("user02", "182736", "000000");
    assertTrue(wrong.contains("I Failed to authenticate with Hello TOTP code."), wrong.toString());
  }

  @Test
  void thePinAloneDoesNotSetUpAnApp() throws Exception {
    enrolledBefore();
    List<String> seen = fixture.abandoned("user02", "182736");
    assertEquals(FirstSignInTest.PASSWORD, seen.getLast(), "the whole sign-in comes first");
    seen = fixture.abandoned("user02", "182736", "Passw0rd!");
    assertFalse(seen.toString().contains(INVITATION), seen.toString());
    fixture.domain.phone = himmelblau.api.mfa.Challenge.Progress.DENIED;
    seen = fixture.abandoned("user02", "182736", "Passw0rd!", "");
    assertFalse(seen.toString().contains(INVITATION), seen.toString());
  }

  @Test
  void twoFactorsSetUpAnApp() throws Exception {
    enrolledBefore();
    ScriptedUser user = user("182736", -1);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user));
    assertTrue(invited(user));
    assertTrue(calls().contains("begin user02 mfa"), calls().toString());
    fixture.domain.calls.clear();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user("182736", 0)));
    assertEquals(List.of("hello user02"), calls(), "the same PIN, with its code");
  }

  @Test
  void aPasswordAloneThatWasLetPassIsNotTwoFactors() throws Exception {
    enrolledBefore();
    fixture.domain.methods = List.of();
    fixture.options.put("enable_sfa_fallback", true);
    ScriptedUser user = user("182736", -1);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user));
    assertFalse(invited(user), user.seen().toString());
  }

  @Test
  void offlineNoAppIsSetUp() throws Exception {
    enrolledBefore();
    fixture.domain.reachable = false;
    assertEquals(
        "I PAM_AUTH_ERR: " + PromptTexts.NO_CODE_APP + FirstSignInTest.BANNER_END,
        fixture.refused("user02", "182736").get(2));
  }

  @Test
  void aChangedPinKeepsTheApp() throws Exception {
    enrolled();
    assertEquals(
        PamCode.SUCCESS, fixture.changePin("user02", "182736", "new-pin", "new-pin").code());
    assertAppIsAsBefore("new-pin", 0);
  }

  @Test
  void aChangedPinThatTookTheWholeSignInKeepsTheApp() throws Exception {
    enrolled();
    fixture.domain.helloKind = HelloKind.LOCAL;
    fixture.domain.onFullSignIn = () -> fixture.domain.helloKind = HelloKind.REGISTERED;
    assertEquals(
        PamCode.SUCCESS,
        fixture.changePin("user02", "182736", "new-pin", "new-pin", "Passw0rd!", "").code());
    assertAppIsAsBefore("new-pin", 0);
  }

  @Test
  void aKeyThatIsReplacedUnderTheSamePinKeepsTheApp() throws Exception {
    enrolled();
    fixture.domain.helloRefusal = ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "gone");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user("182736", 0)));
    fixture.domain.helloRefusal = null;
    assertAppIsAsBefore("182736", 1);
  }

  /** Offline nobody else asks for a second factor: not at the console either. */
  @Test
  void offlineTheCodeIsAskedForEverywhere() throws Exception {
    enrolled();
    fixture.domain.reachable = false;
    assertOnlyTheCodeOpens(0);
    fixture.console();
    assertOnlyTheCodeOpens(1);
  }

  private void assertOnlyTheCodeOpens(int step) throws Exception {
    List<String> wrong = fixture.abandoned("user02", "182736", "000000");
    assertTrue(wrong.contains("I Failed to authenticate with Hello TOTP code."), wrong.toString());
    ScriptedUser right = user("182736", step);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", right));
    assertTrue(right.seen().contains(CODE), right.seen().toString());
    assertEquals(List.of(), calls(), "nothing was asked of the directory");
  }

  /** The whole sign-in that renews the key is no way around the code. */
  @Test
  void whenTheKeyHasToBeRenewedTheCodeIsStillAskedFor() throws Exception {
    enrolled();
    fixture.domain.helloRefusal = ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "gone");
    List<String> wrong = fixture.abandoned("user02", "182736", "Passw0rd!", "", "000000");
    assertTrue(wrong.contains("I Failed to authenticate with Hello TOTP code."), wrong.toString());
    ScriptedUser right = user("182736", 0);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", right));
    assertTrue(right.seen().contains(CODE), right.seen().toString());
  }

  private void assertAppIsAsBefore(String pin, int step) throws Exception {
    fixture.domain.calls.clear();
    String before = app;
    ScriptedUser user = user(pin, step);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user));
    assertFalse(invited(user), user.seen().toString());
    assertEquals(List.of("hello user02"), calls());
    assertEquals(before, app);
  }

  @Test
  void aCodeThatWasUsedIsNoneAfterAChangeOfThePinEither() throws Exception {
    enrolled();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", user("182736", 0)));
    assertEquals(
        PamCode.SUCCESS, fixture.changePin("user02", "182736", "new-pin", "new-pin").code());
    List<String> seen = fixture.abandoned("user02", "new-pin", code(app, 0));
    assertTrue(seen.contains("I Failed to authenticate with Hello TOTP code."), seen.toString());
  }

  @Test
  void wrongCodesDoNotLockOutAUserWithTwoFactors() throws Exception {
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "", "182736", "182736", "000000", "000001", "000002");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("I " + PromptTexts.CODE_NOT_SET_UP, seen.transcript().getLast());
    assertEquals(
        FirstSignInTest.PASSWORD,
        fixture.abandoned("user02", "182736").getLast(),
        "and nothing was kept");
  }

  @Test
  void aGreeterThatDrawsItsOwnGetsTheBareAddress() {
    fixture.service = "gdm-password";
    fixture.options.put("allow_console_password_only", false);
    assertTrue(
        fixture.abandoned("user02", "Passw0rd!", "", "182736", "182736").stream()
            .anyMatch(line -> line.startsWith("I otpauth://totp/Himmelblau%20")));
  }

  @Test
  void atTheConsoleOnlyWhereAPasswordAloneWouldNotDo() throws Exception {
    enrolledBefore();
    fixture.console();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void withoutThePinThereIsNoCode() throws Exception {
    enrolledBefore();
    List<String> seen = fixture.abandoned("user02", "918273");
    assertTrue(seen.contains("I Failed to authenticate with Hello PIN."));
    assertTrue(seen.stream().noneMatch(line -> line.contains("setup key")));
  }
}
