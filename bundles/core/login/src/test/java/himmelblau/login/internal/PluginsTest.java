package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Account;
import himmelblau.api.hello.Hello;
import himmelblau.api.login.PamCode;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.plugin.PluginRank;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.environment.PluginRegistry;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.mfa.otp.internal.OtpMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles are added and removed while users sign in. */
class PluginsTest {
  private static final String REPLACING =
      "I A part of the sign-in is being replaced. Please wait...";
  private static final List<String> PUSH =
      List.of("PhoneAppNotification", "CompanionAppsNotification");

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
  }

  /** Does something at the third pause from now. */
  private void soon(Runnable action) {
    soon(3, action);
  }

  private void soon(int pause, Runnable action) {
    AtomicInteger pauses = new AtomicInteger();
    fixture.duringPauses =
        () -> {
          if (pauses.incrementAndGet() == pause) {
            action.run();
          }
        };
  }

  @Test
  void aMethodThatIsBeingReplacedIsWaitedFor() throws Exception {
    fixture.methods.remove(fixture.push);
    soon(() -> fixture.methods.add(fixture.push, PUSH, LoginFixture.RANK));
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of(
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD,
            "~ PT0.25S",
            "~ PT0.25S",
            REPLACING,
            "~ PT0.25S",
            FirstSignInTest.NUMBER),
        seen.transcript().subList(0, 7));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aMethodThatStaysAwayIsNamed() throws Exception {
    fixture.options.put("connection_timeout", 1L);
    fixture.methods.remove(fixture.push);
    List<String> seen = fixture.refused("user02", "Passw0rd!");
    assertTrue(
        seen.contains(
            "I The sign-in method PhoneAppNotification is switched off on this computer."),
        seen.toString());
    assertTrue(
        seen.contains("I PAM_MAXTRIES: " + PromptTexts.NO_METHOD_HERE + FirstSignInTest.BANNER_END),
        seen.toString());
    fixture.options.put("connection_timeout", 0L); // and when the directory is no longer told of it
    seen = fixture.refused("user02", "Passw0rd!");
    assertTrue(
        seen.contains(
            "I PAM_MAXTRIES: Authentication failed: Authentication method not supported.\n"
                + "The sign-in method CompanionAppsNotification, PhoneAppNotification is switched"
                + " off on this computer."
                + FirstSignInTest.BANNER_END),
        seen.toString());
  }

  @Test
  void aDomainThatIsBeingReplacedIsWaitedFor() throws Exception {
    fixture.domains.remove(fixture.domain);
    soon(() -> fixture.domains.add(fixture.domain, List.of("example.org"), LoginFixture.RANK));
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(REPLACING, seen.transcript().get(2));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aDomainThatStaysAwayIsAnOutageNotAnUnknownUser() throws Exception {
    fixture.options.put("connection_timeout", 1L);
    fixture.domains.remove(fixture.domain);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_ABORT: Authentication service is temporarily unavailable."
                    + " Please try again shortly."
                    + FirstSignInTest.BANNER_END));
  }

  @Test
  void helloThatStartsALittleLaterThanTheFirstSignInIsWaitedFor() throws Exception {
    fixture.enrolled();
    Hello hello = fixture.hellos.find(SignInEnvironment.HELLO).orElseThrow();
    fixture.hellos = new PluginRegistry<>(System::nanoTime, (h, id) -> false);
    fixture.wire();
    soon(1, () -> fixture.hellos.add(hello, List.of(SignInEnvironment.HELLO), LoginFixture.RANK));
    LoginFixture.Seen seen = fixture.signIn("user02", "182736");
    assertEquals(
        List.of("~ PT0.25S", "I Use the Linux Hello PIN for this device.", "* PIN: "),
        seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void withoutHelloThereIsMfaAndNothingBreaks() throws Exception {
    fixture.enrolled();
    Hello hello = fixture.hellos.find(SignInEnvironment.HELLO).orElseThrow();
    fixture.hellos.remove(hello);
    fixture.options.put("connection_timeout", 1L);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertTrue(seen.transcript().contains(FirstSignInTest.NUMBER));
    assertEquals(PamCode.SUCCESS, seen.code());
    fixture.hellos.add(hello, List.of(SignInEnvironment.HELLO), LoginFixture.RANK);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void accountManagementDecidesWhoMayUseTheHost() throws Exception {
    UUID group = UUID.fromString("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");
    assertEquals(PamCode.USER_UNKNOWN, fixture.account("user02"), "never was here");
    fixture.domain.groups = List.of(new Group(group, "datengruppe", OptionalLong.empty()));
    fixture.enrolled();
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    allow(group.toString().toUpperCase(java.util.Locale.ROOT));
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    allow("User02@Example.org");
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    allow("datengruppe", "user01@example.org");
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"), "a display name never matches");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code(), "told afterwards");
    allow();
    assertEquals(PamCode.SUCCESS, fixture.account("user02"), "not set");
    allow("");
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"), "set to nobody");
    allow("", "");
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"));
  }

  private void allow(String... entries) {
    fixture.options.put("pam_allow_groups", entries);
  }

  @Test
  void aSessionAsksForAHome() throws Exception {
    assertEquals(PamCode.IGNORE, fixture.openSession("user02"), "never was here");
    fixture.enrolled();
    assertEquals(PamCode.SUCCESS, fixture.openSession("user02"));
    assertEquals(
        List.of("home", "groups", "subids"),
        fixture.tasks.stream().map(TaskRequest::task).toList());
    assertEquals(
        Map.of(
            "uid", "773235643",
            "gid", "773235643",
            "prefix", "/home/",
            "name", "user02",
            "alias.0", "user02@example.org",
            "skel", "0",
            "selinux", "1"),
        texts(fixture.tasks.getFirst()));
    fixture.taskStatus = TaskResult.Status.TIMED_OUT;
    assertEquals(PamCode.IGNORE, fixture.openSession("user02"));
  }

  private static Map<String, String> texts(TaskRequest request) {
    Map<String, String> texts = new TreeMap<>();
    request.values().forEach((k, v) -> texts.put(k, new String(v, StandardCharsets.UTF_8)));
    return texts;
  }

  @Test
  void knownUsersAreNotLookedUpAgain() throws Exception {
    fixture.enrolled();
    Optional<Account> account = fixture.directory.account(new AccountName("user02", "example.org"));
    assertTrue(account.isPresent());
    fixture.domain.calls.clear();
    fixture.signIn("user02", "182736");
    assertEquals(List.of("hello user02"), fixture.domain.calls);
  }

  @Test
  void ofTwoMethodsWithOneIdTheFirstRankIsUsed() {
    PluginRegistry<MfaMethod> methods = new PluginRegistry<>(System::nanoTime, (m, id) -> false);
    OtpMethod early = new OtpMethod();
    OtpMethod late = new OtpMethod();
    OtpMethod high = new OtpMethod();
    methods.add(late, List.of("Code", "Other"), new PluginRank(0, 9));
    methods.add(early, List.of("Code"), new PluginRank(0, 3));
    assertSame(early, methods.find("Code").orElseThrow());
    assertSame(late, methods.find("Other").orElseThrow());
    methods.add(high, List.of("Code"), new PluginRank(1, 12));
    assertSame(high, methods.find("Code").orElseThrow());
    methods.remove(high);
    methods.remove(early);
    assertSame(late, methods.find("Code").orElseThrow(), "it takes the place of the others");
  }
}
